/**
 * `driftline pin`: makes a version of a learnt predictor its reference. Where a process writes the data folder the command is sent to it; else
 * it is written to the log, and done at the next start.
 */
import type { Log } from "../log/port.ts";
import { type Manifests, readManifests, versionShownChars } from "../run/manifests.ts";
import { type CommandRequest, planCommand } from "../serve/pin.ts";
import type { ModelsView } from "../serve/views.ts";
import { type FlagSpec, flagHelp, type Taken, takeFlags, UsageError } from "./arguments.ts";
import { ask } from "./ask.ts";
import { withLogToRead } from "./data.ts";
import type { Command, Host } from "./host.ts";
import { table } from "./table.ts";

const flags: FlagSpec = {
  version: {
    kind: "string",
    help: "the version, or the beginning of exactly one (default: the newest)",
    placeholder: "VERSION",
  },
  unpin: { kind: "boolean", help: "the pinned version is no longer the reference" },
  list: { kind: "boolean", help: "list the versions that are kept, and which one is pinned" },
  author: { kind: "string", help: "who asks (default: the user's name)", placeholder: "NAME" },
  note: { kind: "string", help: "why", placeholder: "TEXT" },
  max: { kind: "number", help: "with --list: the newest so many of each predictor (default 10)", placeholder: "N" },
  "data-dir": { kind: "string", help: "the data folder (default .driftline)", placeholder: "DIR" },
};
const listedMax = 10;
const doneEveryMs = 250;
const doneTriesMax = 40;

export const pinCommand: Command = {
  usage: [
    "driftline pin ENVIRONMENT PREDICTOR [--version VERSION] [--author NAME] [--note TEXT] [--data-dir DIR]",
    "driftline pin ENVIRONMENT PREDICTOR --unpin [--data-dir DIR]",
    "driftline pin [ENVIRONMENT [PREDICTOR]] --list [--max N] [--data-dir DIR]",
    "",
    "The reference predicts beside the live version, under the name PREDICTOR@reference, and does not learn: what the live version learns",
    "hides a drift, the reference shows it. Where `driftline run` is running on the data folder the command is sent to it.",
    "",
    ...flagHelp(flags),
  ],
  async run(args, host) {
    const taken = takeFlags(args, flags);
    const [environment, predictor, more] = taken.positionals;
    if (more !== undefined) throw new UsageError(`${JSON.stringify(more)}: this word belongs to nothing`);
    if (taken.boolean("list"))
      return withLogToRead(taken, host, (log) => list(log, environment, predictor, taken, host));
    if (environment === undefined || predictor === undefined)
      throw new UsageError("name both: driftline pin ENVIRONMENT PREDICTOR, or --list to see what there is");
    const unpin = taken.boolean("unpin");
    if (unpin && taken.string("version") !== null)
      throw new UsageError("--unpin has no --version: one at most is pinned");
    const request: CommandRequest = {
      command: unpin ? "unpin" : "pin",
      environment,
      predictor,
      ...(unpin ? {} : { version: taken.string("version") }),
      author: taken.string("author") ?? host.env["USER"] ?? "unknown",
      note: taken.string("note"),
    };
    return pin(request, taken, host);
  },
};

async function pin(request: CommandRequest, taken: Taken, host: Host): Promise<number> {
  const asked = await ask(request, taken, host, async (log) => {
    const plan = await planCommand(request, log, host.now());
    if (!plan.ok) throw new Error(plan.message);
    return plan;
  });
  if (asked.form === "written") {
    const { plan, done } = asked;
    host.out(`${said(request, plan.version)}: written; ${done}`);
    return 0;
  }
  const { address, headers, answer } = asked;
  const version = answer["version"] ?? "";
  const done = await untilDone(request, version, address, headers, host);
  host.out(
    `${said(request, version)}: ${done ? `done by ${address}` : `sent, but not done yet: see ${address}/readyz`}`,
  );
  return 0;
}

/** Learning obeys within moments, unless it is behind. */
async function untilDone(
  request: CommandRequest,
  version: string,
  address: string,
  headers: Readonly<Record<string, string>>,
  host: Host,
): Promise<boolean> {
  const wanted = request.command === "pin" ? version : null;
  for (let tries = 0; tries < doneTriesMax && !host.stop.aborted; tries++) {
    const response = await fetch(`${address}/api/models`, { headers });
    const body: { readonly models?: readonly ModelsView[] } = JSON.parse(await response.text());
    const its = body.models?.find(
      ({ environment, predictor }) => environment === request.environment && predictor === request.predictor,
    );
    if (its !== undefined && (its.reference?.version ?? null) === wanted) return true;
    await host.sleep(doneEveryMs, host.stop);
  }
  return false;
}

function said({ command, environment, predictor }: CommandRequest, version: string): string {
  return `${command} ${predictor} ${version.slice(0, versionShownChars)} in ${environment}`;
}

async function list(
  log: Log,
  environment: string | undefined,
  predictor: string | undefined,
  taken: Taken,
  host: Host,
): Promise<number> {
  const all = await readManifests(log, (name) => environment === undefined || name === environment);
  const shown = all.filter((one) => predictor === undefined || one.predictor === predictor);
  const rows = shown.flatMap((one) => rowsOf(one, taken.count("max") ?? listedMax));
  if (rows.length === 0) host.out("no versions yet: the first comes after some tens of transitions");
  else
    for (const line of table(
      ["environment", "predictor", "version", "published", "transitions", "right", "role"],
      rows,
    ))
      host.out(line);
  return 0;
}

/** The newest versions, and the pinned one however old it is. */
function rowsOf(
  { environment, predictor, versions, reference }: Manifests,
  max: number,
): readonly (readonly string[])[] {
  const pinned = reference?.reference?.pinned === true ? reference : null;
  const newest = versions.at(-1)?.version;
  return versions
    .filter(({ version }, at) => at >= versions.length - max || version === pinned?.version)
    .map(({ version, publishedAt, transitions, hits, tries }) => {
      const roles = [
        ...(version === newest ? ["live"] : []),
        ...(version === pinned?.version
          ? [`reference since ${new Date(pinned.reference?.at ?? 0).toISOString()}`]
          : []),
      ];
      return [
        environment,
        predictor,
        version.slice(0, versionShownChars),
        new Date(publishedAt).toISOString(),
        String(transitions),
        tries === 0 ? "-" : `${((100 * hits) / tries).toFixed(1)}%`,
        roles.join(", "),
      ];
    });
}
