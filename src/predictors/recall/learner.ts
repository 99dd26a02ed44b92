/** Learns the recall memory of one environment, judges its levels prequentially, and publishes versions as segments. */
import type { Transition } from "../../codec/records.ts";
import { sha256Hex } from "../../json/hash.ts";
import type { Learner, Predictor, Put } from "../predictor.ts";
import { keysOf, levels, remember } from "./levels.ts";
import { createMemory, type Held, type Limits, type RecallMemory } from "./memory.ts";
import { emptyPrecision, judge, type Precision } from "./precision.ts";
import { candidatesOf, predictFrom } from "./predict.ts";
import { encodeSegment, precisionFrom, type Row } from "./segment.ts";

interface Published {
  readonly hash: string;
  readonly bytes: number;
  readonly keys: readonly string[];
}

/** More segments than this make look-ups slow; merging starts at it. */
const segmentsMax = 12;

export function createRecallLearner(limits: Limits): Learner {
  let memory = createMemory(limits);
  let precision: Precision = emptyPrecision();
  let changed = new Set<string>();
  let published: Published[] = [];
  let transitions = 0;

  function learn(transition: Transition): void {
    const { kind, state, action, nextState, patch } = transition;
    const text = kind === "observation" ? nextState : patch;
    transitions += 1;
    if (state === null || text === null) return;
    const keys = keysOf(kind, state, action, JSON.parse(action));
    const truth = comparable(kind, text);
    for (const candidate of candidatesOf({ get: memory.get, precision }, kind, keys)) {
      judge(precision, candidate.cell, comparable(kind, candidate.text) === truth);
    }
    for (const level of levels) {
      for (const key of memory.learn(keys.keys[level], remember(level, kind, keys, text))) changed.add(key);
    }
  }

  function publish(put: Put) {
    const lost = published.filter(({ hash }) => put.isLost?.(hash) === true);
    published = published.filter((segment) => !lost.includes(segment));
    // What is lost is learnt still: it goes into the new segment.
    for (const key of lost.flatMap(({ keys }) => keys)) changed.add(key);
    if (changed.size > 0 || published.length === 0) {
      const merged = mergeable(published, changed.size);
      const keys = new Set([...merged.flatMap((segment) => segment.keys), ...changed]);
      const oldest = merged.length === published.length;
      published = published.slice(0, published.length - merged.length);
      const bytes = encodeSegment(rowsOf(memory, keys, oldest), precision);
      published.push({ hash: put(bytes), bytes: bytes.length, keys: [...keys] });
      changed = new Set();
    }
    const blobs = published.map((segment) => segment.hash);
    return {
      version: versionOf(blobs),
      blobs,
      bytes: published.reduce((sum, segment) => sum + segment.bytes, 0),
      entries: memory.size,
    };
  }

  return {
    learn,
    current(): Predictor {
      return {
        name: "recall",
        version: "learning",
        deterministic: true,
        predict: (situation) => predictFrom({ get: memory.get, precision }, situation),
      };
    },
    dirty: () => changed.size > 0,
    publish,
    snapshot() {
      const lines = [JSON.stringify({ v: 1, transitions, precision, published, changed: [...changed] })];
      for (const [key, held] of memory.entries()) {
        lines.push(JSON.stringify([key, held.total, held.truths.map((truth) => [truth.text, truth.count])]));
      }
      return Buffer.from(lines.join("\n"));
    },
    restore(snapshot) {
      const [first = "{}", ...lines] = Buffer.from(snapshot).toString("utf8").split("\n");
      const head = parseHead(first);
      memory = createMemory(limits);
      for (const line of lines) restoreLine(memory, line);
      precision = head.precision;
      changed = new Set(head.changed);
      published = [...head.published];
      transitions = head.transitions;
    },
    get transitions() {
      return transitions;
    },
    storeBytes: () => memory.bytes,
  };
}

export function versionOf(blobs: readonly string[]): string {
  return sha256Hex(`recall/1 ${blobs.join(" ")}`);
}

/** Text states are compared trimmed, the paper's rule. */
function comparable(kind: Transition["kind"], text: string): string {
  if (kind === "state" || !text.startsWith('"')) return text;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value.trim() : text;
  } catch {
    return text;
  }
}

/** The newest segments that a new one of `rows` rows should swallow: those not much larger than what is gathered so far. */
function mergeable(published: readonly Published[], rows: number): readonly Published[] {
  let gathered = rows;
  let from = published.length;
  while (from > 0) {
    const size = published[from - 1]?.keys.length ?? 0;
    if (size > 2 * gathered && from <= segmentsMax) break;
    gathered += size;
    from -= 1;
  }
  return published.slice(from);
}

/** Rows as they are now. A removed key stays as a null while an older segment may hold it. */
function* rowsOf(memory: RecallMemory, keys: ReadonlySet<string>, oldest: boolean): Generator<Row> {
  for (const key of keys) {
    const entry = memory.get(key);
    if (entry !== null || !oldest) yield [key, entry];
  }
}

interface Head {
  readonly transitions: number;
  readonly precision: Precision;
  readonly published: readonly Published[];
  readonly changed: readonly string[];
}

/** Snapshots are this process's own bytes, checked by their hash: the shape is trusted, the precision table is checked. */
function parseHead(line: string): Head {
  const head: { readonly [K in keyof Head]: Head[K] } = JSON.parse(line);
  return { ...head, precision: precisionFrom(head.precision) };
}

function restoreLine(memory: RecallMemory, line: string): void {
  const [key, total, truths]: [string, number, [string, number][]] = JSON.parse(line);
  const held: Held = { total, truths: truths.map(([text, count]) => ({ text, count })) };
  memory.restore(key, held);
}
