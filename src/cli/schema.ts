/** `driftline schema`: what form the states and actions of an environment have, by the scores that the log holds. */
import { codecs } from "../codec/codecs.ts";
import { partitionOf } from "../log/murmur2.ts";
import type { Log } from "../log/port.ts";
import { scan } from "../log/scan.ts";
import { createSchema, newPosition, type SchemaPosition, type SchemaView } from "../monitor/drift/schema.ts";
import { type FlagSpec, flagHelp, type Taken, takeFlags, UsageError } from "./arguments.ts";
import { withLogToRead } from "./data.ts";
import type { Command, Host } from "./host.ts";
import { table } from "./table.ts";

const flags: FlagSpec = {
  json: { kind: "boolean", help: "the configuration that makes the environment strict, as JSON" },
  settled: {
    kind: "number",
    help: "episodes from which the form is learnt; what comes later is new (default 300)",
    placeholder: "N",
  },
  "data-dir": { kind: "string", help: "the data folder (default .driftline)", placeholder: "DIR" },
};
const settledDefault = 300;

export const schemaCommand: Command = {
  usage: [
    "driftline schema ENVIRONMENT [--settled N] [--json] [--data-dir DIR]",
    "",
    "Put what --json prints into the configuration file, and a step to a state with another place is a dead letter.",
    "",
    ...flagHelp(flags),
  ],
  async run(args, host) {
    const taken = takeFlags(args, flags);
    const [environment, more] = taken.positionals;
    if (environment === undefined || more !== undefined) throw new UsageError("name one environment");
    return withLogToRead(taken, host, (log) => show(log, environment, taken, host));
  },
};

async function show(log: Log, environment: string, taken: Taken, host: Host): Promise<number> {
  const view = await learn(log, environment, taken.number("settled") ?? settledDefault);
  const states = view.places.filter((place) => place.startsWith("/"));
  if (view.places.length === 0) {
    host.out(`no structured states of ${environment} are in the log`);
    return 0;
  }
  if (taken.boolean("json")) {
    host.out(JSON.stringify({ track: { environments: { [environment]: { places: states } } } }, null, 2));
    return 0;
  }
  host.out(`${environment}: ${view.places.length} places, version ${view.version}, from ${view.episodes} episodes`);
  for (const place of view.places) host.out(place);
  if (view.news.length === 0) return 0;
  host.out("");
  const rows = view.news.map(({ kind, place, at, episodes }) => [
    kind,
    place,
    new Date(at).toISOString(),
    String(episodes),
  ]);
  for (const line of table(["news", "place", "since", "episodes"], rows)) host.out(line);
  return 0;
}

/** Episodes count when they begin: which are over is not told apart here. */
async function learn(log: Log, environment: string, settled: number): Promise<SchemaView> {
  const schema = createSchema(settled);
  const positions = new Map<string, SchemaPosition>();
  const partition = partitionOf(environment, await log.partitionCount("scores"));
  for await (const records of scan(log, "scores", partition)) {
    for (const { value } of records) {
      const score = codecs.score.decode(value ?? new Uint8Array());
      if (score.environment !== environment || score.arm === "world_model" || !score.first) continue;
      const position = positions.get(score.episode) ?? newPosition();
      if (!positions.has(score.episode)) schema.ended();
      positions.set(score.episode, position);
      schema.step(position, score);
    }
  }
  return schema.view();
}
