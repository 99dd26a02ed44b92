/**
 * Plays the bundled sample: real recorded episodes, interleaved, under fresh ids, and two toy worlds (`toy-courier.ts`; `toy-lift.ts`, the
 * scripted drift). Fast first, so that there is something to see at once, then at a live pace, over and over. It feeds the same log as
 * everybody; the page and the log say that it plays.
 */

import { readLines } from "../codec/event-lines.ts";
import type { Log, OutRecord } from "../log/port.ts";
import { root } from "../root.ts";
import { takeLine } from "./logic.ts";
import { courierEpisodes } from "./toy-courier.ts";
import { type LiftAct, liftEpisode } from "./toy-lift.ts";

const sampleFiles: readonly URL[] = ["textworld", "scienceworld", "babyai"].map(
  (name) => new URL(`src/ingest/sample/${name}.jsonl.gz`, root),
);

export interface SampleDeps {
  readonly log: Pick<Log, "append" | "lag">;
  /** Distinguishes the episodes of this run from those of others. */
  readonly run: string;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Episodes of each environment that are played fast. */
const fastEpisodes = 12;
const fastBatch = 100;
const fastPauseMs = 100;
/** Live pace: events per batch, and the time between batches. About 50 events a second, fewer on a machine that is busy. */
const liveBatch = 10;
const livePauseMs = 200;
/** Nothing more is sent while a group is further behind. */
const lagMax = 500;
const agentsAtOnce = 3;
const courierAtOnce = 12;

/** The lift's script: episodes of each act, and the time that each episode takes. The first act is the baseline and is played once. */
const liftScript: readonly { readonly act: LiftAct; readonly episodes: number; readonly pauseMs: number }[] = [
  { act: "usual", episodes: 90, pauseMs: 60 },
  { act: "mended", episodes: 12, pauseMs: 1_500 },
  { act: "changed", episodes: 90, pauseMs: 1_500 },
  { act: "mended", episodes: 200, pauseMs: 1_500 },
];

type Episode = readonly Buffer[];

/** Resolves when the signal stops it. */
export async function playSample(deps: SampleDeps): Promise<void> {
  await Promise.all([playRecorded(deps), playLift(deps)]);
}

async function playLift(deps: SampleDeps): Promise<void> {
  let number = 0;
  for (let round = 0; !deps.signal.aborted; round++) {
    for (const { act, episodes, pauseMs } of round === 0 ? liftScript : liftScript.slice(1)) {
      for (const end = number + episodes; number < end && !deps.signal.aborted; number++) {
        const events = liftEpisode(number, act).map((event) => Buffer.from(JSON.stringify(event)));
        await play(interleave([events], 1), `${deps.run}-l`, events.length, pauseMs, deps);
      }
    }
  }
}

async function playRecorded(deps: SampleDeps): Promise<void> {
  const environments = await Promise.all(sampleFiles.map(readEpisodes));
  for (let round = 0; !deps.signal.aborted; round++) {
    const fast = round === 0 ? environments.map((episodes) => episodes.slice(0, fastEpisodes)) : [];
    const courier = courierEpisodes(round).map((episode) => episode.map((event) => Buffer.from(JSON.stringify(event))));
    await play(
      interleave(courier, courierAtOnce),
      `${deps.run}-c${round}`,
      fastBatch,
      round === 0 ? fastPauseMs : livePauseMs,
      deps,
    );
    await play(
      interleave(fast.flat(), fastEpisodes * environments.length),
      `${deps.run}-f`,
      fastBatch,
      fastPauseMs,
      deps,
    );
    const rest = environments.map((episodes) => (round === 0 ? episodes.slice(fastEpisodes) : episodes));
    await play(
      interleave(alternate(rest), agentsAtOnce * environments.length),
      `${deps.run}-${round}`,
      liveBatch,
      livePauseMs,
      deps,
    );
  }
}

async function readEpisodes(file: URL): Promise<readonly Episode[]> {
  const episodes = new Map<string, Buffer[]>();
  for await (const { line } of readLines(file.pathname)) {
    const id = episodeOf(line);
    const events = episodes.get(id) ?? [];
    if (events.length === 0) episodes.set(id, events);
    events.push(Buffer.from(line));
  }
  return [...episodes.values()];
}

function episodeOf(line: Buffer): string {
  const { episode }: { readonly episode: string } = JSON.parse(line.toString("utf8"));
  return episode;
}

/** One of each environment in turn. */
function alternate(environments: readonly (readonly Episode[])[]): readonly Episode[] {
  const longest = Math.max(0, ...environments.map((episodes) => episodes.length));
  const turns: Episode[] = [];
  for (let at = 0; at < longest; at++) {
    for (const episodes of environments) {
      const episode = episodes[at];
      if (episode !== undefined) turns.push(episode);
    }
  }
  return turns;
}

/** So many episodes at a time, an event of each in turn. */
function* interleave(episodes: readonly Episode[], atOnce: number): Generator<Buffer> {
  const waiting = [...episodes];
  const playing = waiting.splice(0, atOnce).map((episode) => [...episode]);
  while (playing.length > 0) {
    for (let at = 0; at < playing.length; at++) {
      const event = playing[at]?.shift();
      if (event !== undefined) yield event;
      if (playing[at]?.length !== 0) continue;
      const next = waiting.shift();
      if (next !== undefined) playing[at] = [...next];
      else playing.splice(at--, 1);
    }
  }
}

async function play(
  events: Generator<Buffer>,
  run: string,
  batch: number,
  pauseMs: number,
  deps: SampleDeps,
): Promise<void> {
  let records: OutRecord[] = [];
  for (const line of events) {
    if (deps.signal.aborted) return;
    const taken = takeLine(freshLine(line, run), 0, line.length * 2 + 4_096);
    if (taken.ok) records.push(taken.record);
    if (records.length < batch) continue;
    await deps.log.append(records);
    records = [];
    do await deps.sleep(pauseMs, deps.signal);
    while (!deps.signal.aborted && (await isBehind(deps)));
  }
  if (records.length > 0) await deps.log.append(records);
}

async function isBehind({ log }: SampleDeps): Promise<boolean> {
  return (await log.lag()).some(({ records }) => records > lagMax);
}

/** The same event under an episode id of this run; the plan that a transfer carries out is of this run, too. */
export function freshLine(line: Uint8Array, run: string): Buffer {
  const event: { readonly episode: unknown; readonly plan?: unknown } = JSON.parse(Buffer.from(line).toString("utf8"));
  const plan = event.plan === undefined ? {} : { plan: `${String(event.plan)}~${run}` };
  return Buffer.from(JSON.stringify({ ...event, episode: `${String(event.episode)}~${run}`, ...plan }));
}
