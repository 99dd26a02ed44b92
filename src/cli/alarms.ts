/** `driftline alarms`, `driftline acknowledge`, `driftline rebaseline`: what drifted, since when and why; and an operator's word on it. */
import type { Alarm, Baseline } from "../codec/records.ts";
import type { Log } from "../log/port.ts";
import { readAlarms, readBaselines } from "../serve/alarms.ts";
import { type DriftRequest, planDriftCommand } from "../serve/drift-commands.ts";
import { type FlagSpec, flagHelp, type Taken, takeFlags, UsageError } from "./arguments.ts";
import { ask } from "./ask.ts";
import { withLogToRead } from "./data.ts";
import type { Command, Host } from "./host.ts";
import { table } from "./table.ts";

const dataDir = { kind: "string", help: "the data folder (default .driftline)", placeholder: "DIR" } as const;
const listFlags: FlagSpec = {
  all: { kind: "boolean", help: "also alarms that have recovered" },
  baselines: { kind: "boolean", help: "list the baselines instead: what is usual for each reference" },
  json: { kind: "boolean", help: "one JSON object a line, with the whole evidence" },
  max: { kind: "number", help: "the newest so many (default 50)", placeholder: "N" },
  "data-dir": dataDir,
};
const askFlags: FlagSpec = {
  author: { kind: "string", help: "who asks (default: the user's name)", placeholder: "NAME" },
  note: { kind: "string", help: "why", placeholder: "TEXT" },
  "data-dir": dataDir,
};
const listedMax = 50;

export const alarmsCommand: Command = {
  usage: [
    "driftline alarms [ENVIRONMENT] [--all] [--baselines] [--json] [--max N] [--data-dir DIR]",
    "",
    ...flagHelp(listFlags),
  ],
  async run(args, host) {
    const taken = takeFlags(args, listFlags);
    const [environment = null, more] = taken.positionals;
    if (more !== undefined) throw new UsageError(`${JSON.stringify(more)}: this word belongs to nothing`);
    const list = taken.boolean("baselines") ? listBaselines : listAlarms;
    return withLogToRead(taken, host, (log) => list(log, environment, taken, host));
  },
};

export const acknowledgeCommand: Command = {
  usage: [
    "driftline acknowledge ENVIRONMENT ALARM [--author NAME] [--note TEXT] [--data-dir DIR]",
    "",
    ...flagHelp(askFlags),
  ],
  run: (args, host) => {
    const { taken, environment, target, author, note } = wordsOf(args, host, "ALARM");
    return tell({ command: "acknowledge", environment, alarm: target, author, note }, target, taken, host);
  },
};

export const rebaselineCommand: Command = {
  usage: [
    "driftline rebaseline ENVIRONMENT REFERENCE [--author NAME] [--note TEXT] [--data-dir DIR]",
    "",
    "An open alarm of the reference ends. The new baseline begins with the episodes since its change point, and raises no alarm until it is",
    "mature. What is new in the schema is usual from then on. The command, with author and note, stays in the topic `commands`.",
    "",
    ...flagHelp(askFlags),
  ],
  run: (args, host) => {
    const { taken, environment, target, author, note } = wordsOf(args, host, "REFERENCE");
    return tell({ command: "rebaseline", environment, predictor: target, author, note }, target, taken, host);
  },
};

function wordsOf(args: readonly string[], host: Host, second: string) {
  const taken = takeFlags(args, askFlags);
  const [environment, target, more] = taken.positionals;
  if (environment === undefined || target === undefined || more !== undefined)
    throw new UsageError(`name both, and nothing more: ENVIRONMENT ${second}; \`driftline alarms\` lists them`);
  const author = taken.string("author") ?? host.env["USER"] ?? "unknown";
  return { taken, environment, target, author, note: taken.string("note") };
}

async function tell(request: DriftRequest, target: string, taken: Taken, host: Host): Promise<number> {
  const asked = await ask(request, taken, host, async (log) => {
    const plan = await planDriftCommand(request, log, host.now());
    if (plan?.ok !== true) throw new Error(plan?.message ?? "not a command of drift detection");
    return plan;
  });
  const said = `${request.command} ${target} in ${request.environment}`;
  if (asked.form === "written") host.out(`${said}: written; ${asked.done}`);
  else host.out(`${said}: sent to ${asked.address}`);
  return 0;
}

async function listAlarms(log: Log, environment: string | null, taken: Taken, host: Host): Promise<number> {
  const all = await readAlarms(log, environment);
  const shown = all
    .filter(({ status }) => taken.boolean("all") || status !== "recovered")
    .slice(-(taken.count("max") ?? listedMax));
  if (taken.boolean("json")) for (const alarm of shown) host.out(JSON.stringify(plain(alarm)));
  else if (shown.length === 0)
    host.out(all.length === 0 ? "no alarms" : "no open alarms; --all lists those that have recovered");
  else {
    const head = ["environment", "predictor", "cause", "since", "error", "status", "alarm"];
    for (const line of table(head, shown.map(alarmRow))) host.out(line);
  }
  return 0;
}

function plain(alarm: Alarm) {
  return { ...alarm, evidence: JSON.parse(alarm.evidence) as unknown };
}

function alarmRow(alarm: Alarm): readonly string[] {
  const { steps = {} }: { readonly steps?: { readonly before?: number; readonly after?: number } } = JSON.parse(
    alarm.evidence,
  );
  const { environment, predictor, cause, since, status, id } = alarm;
  return [
    environment,
    predictor,
    cause,
    new Date(since).toISOString(),
    `${percent(steps.before)} → ${percent(steps.after)}`,
    status,
    id,
  ];
}

async function listBaselines(log: Log, environment: string | null, taken: Taken, host: Host): Promise<number> {
  const shown = (await readBaselines(log, environment)).slice(-(taken.count("max") ?? listedMax));
  if (taken.boolean("json")) for (const baseline of shown) host.out(JSON.stringify(baseline));
  else if (shown.length === 0) host.out("no baselines yet: pin a reference, or send predictions of your own model");
  else {
    const head = ["environment", "reference", "baseline", "episodes", "error", "bound", "evidence", "renewed by"];
    for (const line of table(head, shown.map(baselineRow))) host.out(line);
  }
  return 0;
}

function baselineRow(one: Baseline): readonly string[] {
  const { environment, predictor, mature, episodes, episodesWanted, mean, upper, logEvalue, limit, author } = one;
  return [
    environment,
    predictor,
    mature ? "mature" : "immature",
    mature ? String(episodes) : `${episodes} of ${episodesWanted}`,
    percent(mean ?? undefined),
    percent(upper ?? undefined),
    logEvalue === null || limit === null ? "-" : `${logEvalue.toFixed(1)} of ${limit.toFixed(1)}`,
    author ?? "-",
  ];
}

function percent(ratio: number | undefined): string {
  return ratio === undefined ? "-" : `${(100 * ratio).toFixed(1)}%`;
}
