/**
 * The references of one partition's environments: which version is pinned, and what a pin command comes to. Decided once, when a command
 * is folded live; what was decided stands in `models` beside the versions, written by the same commit, and is read back after a restart.
 */
import { CodecError, codecs } from "../codec/codecs.ts";
import type { DeadLetterReason } from "../codec/dead-letter-reasons.ts";
import type { Command, Model } from "../codec/records.ts";
import type { LogRecord } from "../log/port.ts";
import { type Manifests, type Readable, readManifests, referenceKey, resolveVersion } from "../run/manifests.ts";

export type Decision =
  /** The newest word on the reference. */
  | { readonly form: "refer"; readonly model: Model }
  /** Nothing to do: it was done before, or it is a command for others. */
  | { readonly form: "none" }
  | {
      readonly form: "dead";
      readonly reason: DeadLetterReason;
      readonly message: string;
      readonly environment: string;
    };

export interface References {
  /** Reads back what was decided. */
  load(): Promise<void>;
  /** Reads what versions the commands among these records may mean. */
  prepare(records: readonly LogRecord[]): Promise<void>;
  /** Throws `CodecError` for what is no command. */
  decide(record: LogRecord): Decision;
  refer(model: Model): void;
  of(environment: string, predictor: string): Model | null;
  all(): Iterable<Model>;
}

/** `isMine`: is the environment of this partition? */
export function createReferences(log: Readable, isMine: (environment: string) => boolean): References {
  // As many as were ever pinned: each by an operator, or by itself for one of the environments that are learnt, which are bounded.
  const references = new Map<string, Model>();
  let manifests: readonly Manifests[] = [];

  function decide(record: LogRecord): Decision {
    const command = codecs.command.decode(record.value ?? new Uint8Array());
    const { environment, predictor } = command;
    if (command.command !== "pin") return { form: "none" };
    if (!isMine(environment))
      return dead(environment, "invalid", `the command for ${environment} is in the partition of another key`);
    if (predictor === null) return dead(environment, "invalid", "a pin names a predictor");
    const current = references.get(referenceKey({ environment, predictor })) ?? null;
    // A group that was reset reads old commands again; what came of the newest one stands already.
    if (isOlder(record, current)) return { form: "none" };
    if (command.undo && current !== null) return undo(command, current, record.timestamp);
    const found = manifests.find((one) => one.environment === environment && one.predictor === predictor);
    const newest = found?.versions.at(-1);
    if (found === undefined || newest === undefined)
      return dead(environment, "unknown-model", `no version of ${predictor} in ${environment} is kept`);
    // Where nothing is pinned yet, it says that nothing is to be pinned by itself.
    return command.undo ? undo(command, newest, record.timestamp) : pin(found, command, current, record.timestamp);
  }

  return {
    async load() {
      references.clear();
      for (const { reference } of await readManifests(log, isMine, "references")) {
        if (reference !== null) references.set(referenceKey(reference), reference);
      }
    },
    async prepare(records) {
      const wanted = new Set(records.flatMap((record) => (record.topic === "commands" ? environmentOf(record) : [])));
      manifests = wanted.size === 0 ? [] : await readManifests(log, (environment) => wanted.has(environment));
    },
    decide,
    refer: (model) => void references.set(referenceKey(model), model),
    of: (environment, predictor) => references.get(referenceKey({ environment, predictor })) ?? null,
    all: () => references.values(),
  };
}

function pin(found: Manifests, command: Command, current: Model | null, at: number): Decision {
  const resolved = resolveVersion(found, command.version);
  if (!resolved.ok) return dead(command.environment, "unknown-version", resolved.message);
  const { author } = command;
  const { model } = resolved;
  const stays = current?.reference?.pinned === true && current.version === model.version;
  const since = stays ? (current.reference?.at ?? at) : at;
  return { form: "refer", model: { ...model, reference: { pinned: true, at: since, author } } };
}

function undo({ author }: Command, model: Model, at: number): Decision {
  if (model.reference?.pinned === false) return { form: "none" };
  return { form: "refer", model: { ...model, reference: { pinned: false, at, author } } };
}

/** What was pinned by itself gives way to every command. */
function isOlder({ timestamp }: LogRecord, current: Model | null): boolean {
  const reference = current?.reference ?? null;
  return reference !== null && reference.author !== null && timestamp < reference.at;
}

function environmentOf({ value }: LogRecord): readonly string[] {
  try {
    return [codecs.command.decode(value ?? new Uint8Array()).environment];
  } catch (error) {
    if (error instanceof CodecError) return [];
    throw error;
  }
}

function dead(environment: string, reason: DeadLetterReason, message: string): Decision {
  return { form: "dead", environment, reason, message };
}
