/**
 * What a request to pin or unpin comes to: a `command` record, or a refusal that says what there is. The version is decided here, so that
 * who asks is told which one it is. Used by the API, and by `driftline pin` where no server runs. Pure but for reading `models` aside.
 */
import { type Static, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { codecs } from "../codec/codecs.ts";
import type { Command } from "../codec/records.ts";
import type { OutRecord } from "../log/port.ts";
import { type Manifests, type Readable, readManifests, resolveVersion } from "../run/manifests.ts";
import {
  commandOf,
  firstProblem,
  listed,
  nameField,
  noteField,
  type Refused,
  refuse,
  refuseBroken,
} from "./command-request.ts";

export const commandSchema = Type.Object(
  {
    command: Type.Union([Type.Literal("pin"), Type.Literal("unpin")]),
    environment: nameField("Name of the environment."),
    predictor: nameField("A learnt predictor: recall."),
    version: Type.Optional(
      Type.Union([Type.String({ minLength: 1, maxLength: 64 }), Type.Null()], {
        description: "pin: the version, or the beginning of exactly one; null or absent is the newest.",
      }),
    ),
    author: nameField("Who asks."),
    note: noteField,
  },
  { additionalProperties: false },
);
export type CommandRequest = Static<typeof commandSchema>;

export type Planned =
  | { readonly ok: true; readonly command: Command; readonly record: OutRecord; readonly version: string }
  | Refused;

export async function planCommand(body: unknown, log: Readable, nowMs: number): Promise<Planned> {
  if (!Value.Check(commandSchema, body)) return refuse(400, "invalid", problemOf(body));
  const broken = refuseBroken(body);
  if (broken !== null) return broken;
  if (body.command === "unpin" && (body.version ?? null) !== null)
    return refuse(400, "invalid", '"version": unpin has none, since one version at most is pinned');
  const found = await readManifests(log, (environment) => environment === body.environment);
  if (found.length === 0) {
    const known = list((await readManifests(log)).map(({ environment }) => environment));
    return refuse(
      404,
      "unknown-model",
      `nothing was learnt of the environment ${body.environment}; there are ${known}`,
    );
  }
  const one = found.find(({ predictor, versions }) => predictor === body.predictor && versions.length > 0);
  if (one === undefined) {
    const known = list(found.map(({ predictor }) => predictor));
    return refuse(404, "unknown-model", `${body.predictor} has no version in ${body.environment}; there are ${known}`);
  }
  return body.command === "pin" ? pin(body, one, nowMs) : unpin(body, one, nowMs);
}

function pin(body: CommandRequest, one: Manifests, nowMs: number): Planned {
  const resolved = resolveVersion(one, body.version ?? null);
  if (resolved.ok) return planned(body, resolved.model.version, false, nowMs);
  return refuse(resolved.why === "unknown" ? 404 : 409, "unknown-version", resolved.message);
}

/** Where there was never a pin, it says that nothing is to be pinned by itself. */
function unpin(body: CommandRequest, { reference, versions }: Manifests, nowMs: number): Planned {
  if (reference?.reference?.pinned === false)
    return refuse(409, "not-pinned", `no version of ${body.predictor} in ${body.environment} is pinned`);
  return planned(body, (reference ?? versions.at(-1))?.version ?? "", true, nowMs);
}

function planned(body: CommandRequest, version: string, undo: boolean, nowMs: number): Planned {
  const { environment, predictor, author, note = null } = body;
  const target = `${predictor} ${version}`;
  const what = { target, author, time: nowMs, note, predictor, version, undo, order: null, rule: null };
  const command = { environment, command: "pin", ...what } as const;
  const value = codecs.command.encode(command);
  return { ok: true, command, version, record: { topic: "commands", key: environment, partition: null, value } };
}

function problemOf(body: unknown): string {
  const { key, message } = firstProblem(commandSchema, body);
  if (key === "") return 'a command is an object: {"command":"pin","environment":…,"predictor":…,"author":…}';
  // Which fields there are hangs on it.
  if (key !== "" && !["pin", "unpin"].includes(commandOf(body) ?? ""))
    return '"command" is "pin", "unpin", "acknowledge", "rebaseline", "delete-rule", "pin-rule" or "restore-rule"';
  return `"${key}": ${message}`;
}

function list(names: readonly string[]): string {
  return listed([...new Set(names)].sort(), "none yet");
}
