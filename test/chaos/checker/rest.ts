/** Outcomes, dead letters, rollups and committed offsets against the workload and the topics themselves. */
import type { Item } from "../world.ts";
import type { Decoded, Derived } from "./decode.ts";
import type { Dump } from "./dump.ts";
import type { Findings } from "./findings.ts";
import type { Input } from "./input.ts";
import type { Score } from "./scores.ts";
import type { Transition } from "./transitions.ts";

export interface Outcome extends Derived {
  readonly environment: string;
  readonly episode: string;
  readonly ending: string;
  readonly success: boolean | null;
  readonly reward: number | null;
  readonly steps: number;
}
export interface DeadLetter extends Derived {
  readonly stage: string;
  readonly reason: string;
  readonly value: Buffer;
}
export interface Rollup {
  readonly environment: string;
  readonly window: string;
  readonly transitions: number;
  readonly episodes: number;
  readonly predictors: readonly {
    readonly predictor: string;
    readonly tally: { readonly tries: number; readonly match: number };
  }[];
}

export function checkOutcomes(
  found: readonly Decoded<Outcome>[],
  transitions: readonly Decoded<Transition>[],
  items: readonly Item[],
  findings: Findings,
): void {
  const byEpisode = new Map<string, Outcome[]>();
  for (const { body } of found) byEpisode.set(body.episode, [...(byEpisode.get(body.episode) ?? []), body]);
  const steps = new Map<string, number>();
  for (const { body } of transitions) steps.set(body.episode, (steps.get(body.episode) ?? 0) + 1);
  for (const { episode, environment, expect } of items) {
    if (expect.kind !== "outcome") continue;
    const [first, ...more] = byEpisode.get(episode) ?? [];
    byEpisode.delete(episode);
    if (first === undefined) {
      findings.lost("outcomes", episode);
      continue;
    }
    if (more.length > 0) findings.doubled("outcomes", `${episode} has ${more.length + 1} sources`);
    const { success, reward } = expect;
    const wanted = { environment, ending: "end", success, reward, steps: steps.get(episode) ?? 0 };
    const has: Readonly<Record<string, unknown>> = { ...first };
    for (const [field, value] of Object.entries(wanted)) {
      if (has[field] !== value) findings.wrong("outcomes", `${episode} ${field}: ${has[field]} is not ${value}`);
    }
  }
  for (const episode of byEpisode.keys()) findings.wrong("outcomes", `${episode} has not ended`);
}

/** A bad event is in the log as often as it was sent; what is sent again after its episode ended is dropped. */
export function checkDeadLetters(
  found: readonly Decoded<DeadLetter>[],
  items: readonly Item[],
  input: Input,
  findings: Findings,
): void {
  const topic = "dead-letters";
  const wanted = new Map(
    items.flatMap((item) =>
      item.expect.kind === "dead-letter" ? [[item.n, { item, expect: item.expect }] as const] : [],
    ),
  );
  const seen = new Set<number>();
  for (const { body } of found) {
    const { source, reason, stage } = body;
    const n = source === null ? undefined : input.numbers.get(`${source.partition}/${source.offset}`);
    const one = n === undefined ? undefined : wanted.get(n);
    if (n === undefined || one === undefined) {
      findings.wrong(topic, `${stage} ${reason} of event ${n ?? "none"}: ${body.value.toString("utf8").slice(0, 200)}`);
      continue;
    }
    seen.add(n);
    const [first] = input.places.get(n) ?? [];
    // What did not apply broke its episode: delivered again it has nothing to apply to.
    const again = one.expect.reason === "patch-failed" && first?.offset !== source?.offset ? "no-base-state" : null;
    if (reason !== one.expect.reason && reason !== again)
      findings.wrong(topic, `event ${n} is ${reason}, not ${one.expect.reason}`);
    if (body.value.toString("utf8") !== one.item.value) findings.wrong(topic, `event ${n} has other bytes`);
  }
  for (const n of wanted.keys()) if (!seen.has(n)) findings.lost(topic, `event ${n}: ${wanted.get(n)?.expect.reason}`);
}

/** The newest word on everything since the start, against a count over what is read once. */
export function checkRollups(
  rollups: readonly Rollup[],
  scores: readonly Decoded<Score>[],
  outcomes: readonly Decoded<Outcome>[],
  findings: Findings,
): void {
  const counts = new Map<string, { tries: number; match: number }>();
  const steps = new Map<string, number>();
  for (const { body } of scores) {
    if (body.first) steps.set(body.environment, (steps.get(body.environment) ?? 0) + 1);
    for (const { predictor, status, exact } of body.entries) {
      const key = `${body.environment} ${predictor}`;
      const one = counts.get(key) ?? { tries: 0, match: 0 };
      counts.set(key, one);
      if (status !== "missing") one.tries += 1;
      if (exact === true) one.match += 1;
    }
  }
  const newest = new Map<string, Rollup>();
  for (const rollup of rollups) if (rollup.window === "all") newest.set(rollup.environment, rollup);
  const compare = (what: string, has: unknown, wanted: unknown) => {
    if (has !== wanted) findings.wrong("rollups", `${what}: ${has} is not ${wanted}`);
  };
  for (const [key, { tries, match }] of counts) {
    const [environment = "", predictor] = key.split(" ");
    const tally = newest.get(environment)?.predictors.find((one) => one.predictor === predictor)?.tally;
    compare(`${key} tries`, tally?.tries, tries);
    compare(`${key} matches`, tally?.match, match);
  }
  for (const [environment, count] of steps) {
    const ended = outcomes.filter(({ body }) => body.environment === environment).length;
    compare(`${environment} transitions`, newest.get(environment)?.transitions, count);
    compare(`${environment} episodes`, newest.get(environment)?.episodes, ended);
  }
}

/** Everything is read, and no transaction is left open. */
export function checkOffsets(dump: Dump, reads: Readonly<Record<string, readonly string[]>>, findings: Findings): void {
  for (const [place, { stable, high }] of dump.ends) {
    if (stable !== high) findings.wrong(place, `a transaction is open: decided to ${stable} of ${high}`);
  }
  for (const [group, topics] of Object.entries(reads)) {
    for (const topic of topics) {
      const last = new Map<number, number>();
      for (const { partition, offset } of dump.topics.get(topic) ?? []) last.set(partition, offset);
      for (const [partition, offset] of last) {
        const committed = dump.committed.get(`${group} ${topic}/${partition}`) ?? 0;
        const end = dump.ends.get(`${topic}/${partition}`)?.high ?? 0;
        if (committed <= offset)
          findings.lost(`${topic}/${partition}`, `${group} has committed ${committed}, the last record is ${offset}`);
        if (committed > end)
          findings.wrong(`${topic}/${partition}`, `${group} has committed ${committed} beyond the end ${end}`);
      }
    }
  }
}
