/**
 * The store of pairing as text and back. Events that wait are kept as the bytes that came, and decoded again. The texts of an episode are
 * written once each: the next state of one step is the state of the following one.
 */
import type { LogRecord } from "../../log/port.ts";
import { decodeRecord, type Event } from "../decode/logic.ts";
import type { Truth, Valued } from "../score/logic.ts";
import { type Episode, openEpisode, type Pending, type Recent } from "./episode.ts";
import type { PairStore } from "./store.ts";

export type PrepareTruth = (environment: string, kind: Episode["kind"], state: Valued, next: Valued) => Truth;

type PlainEvent = readonly [
  partition: number,
  offset: number,
  timestamp: number,
  key: string | null,
  value: string,
  /** Where they differ from the value: the bytes as they were sent. */
  sent?: string,
];

/** Lines of JSON: the store but for its episodes, then each episode. None holds a line break. */
export function* snapshotStore(store: PairStore): Generator<string> {
  yield JSON.stringify({
    streamTime: store.streamTime,
    held: store.held,
    ledger: store.ledger,
    ended: store.ended.snapshot(),
    idle: store.idle.snapshot(),
    waiting: store.waiting.snapshot(),
    answering: store.answering.snapshot(),
    expecting: store.expecting.snapshot(),
    orphans: [...store.orphans].map(([id, events]) => [id, events.map(plainEvent)]),
  });
  for (const episode of store.episodes.values()) yield JSON.stringify(plainEpisode(episode));
}

/** Fills an empty store. The lines are this process's own, checked by their hash: their shape is trusted. */
export function restoreStore(store: PairStore, lines: readonly string[], prepare: PrepareTruth): void {
  const [head = "{}", ...episodes] = lines;
  const plain: PlainStore = JSON.parse(head);
  store.streamTime = plain.streamTime;
  Object.assign(store.held, plain.held);
  Object.assign(store.ledger, plain.ledger);
  store.ended.restore(plain.ended);
  store.idle.restore(plain.idle);
  store.waiting.restore(plain.waiting);
  store.answering.restore(plain.answering);
  store.expecting.restore(plain.expecting);
  for (const [id, events] of plain.orphans) store.orphans.set(id, events.map(eventFrom));
  for (const line of episodes) {
    const one: ReturnType<typeof plainEpisode> = JSON.parse(line);
    store.episodes.set(one.fixed.id, episodeFrom(one, prepare));
  }
}

interface PlainStore {
  readonly streamTime: number;
  readonly held: PairStore["held"];
  readonly ledger: PairStore["ledger"];
  readonly ended: ReturnType<PairStore["ended"]["snapshot"]>;
  readonly idle: ReturnType<PairStore["idle"]["snapshot"]>;
  readonly waiting: ReturnType<PairStore["idle"]["snapshot"]>;
  readonly answering: ReturnType<PairStore["idle"]["snapshot"]>;
  readonly expecting: ReturnType<PairStore["idle"]["snapshot"]>;
  readonly orphans: readonly (readonly [string, readonly PlainEvent[]])[];
}

/** Texts by their place in a table. */
function createTexts() {
  const places = new Map<string, number>();
  return {
    place(text: string): number {
      const known = places.get(text);
      if (known !== undefined) return known;
      places.set(text, places.size);
      return places.size - 1;
    },
    all: () => [...places.keys()],
  };
}

function plainEpisode(episode: Episode) {
  const texts = createTexts();
  const at = (value: Valued | null) => (value === null ? null : texts.place(value.text));
  const {
    context,
    state,
    pending,
    buffer,
    predictions,
    recent,
    externals,
    identities,
    history,
    tallies,
    ending,
    ...fixed
  } = episode;
  return {
    fixed,
    context: at(context),
    state: at(state),
    pending: pending === null ? null : { ...pending, action: pending.action.text },
    buffer: [...buffer].map(([step, slot]) => ({
      step,
      action: plainOrNull(slot.action),
      observation: plainOrNull(slot.observation),
      whole: plainOrNull(slot.step),
    })),
    predictions: [...predictions].map(([step, events]) => ({ step, events: events.map(plainEvent) })),
    recent: recent.map(({ truth, action, expected, ...rest }) => ({
      ...rest,
      action: action.text,
      expected: [...expected],
      truth: truth === null ? null : { kind: truth.kind, state: at(truth.state) ?? 0, next: at(truth.next) ?? 0 },
    })),
    externals: [...externals],
    identities: identities.snapshot(),
    history: history.map((step) => ({ state: texts.place(step.stateText), action: step.actionText })),
    tallies: [...tallies],
    ending: plainOrNull(ending),
    texts: texts.all(),
  };
}

function episodeFrom(plain: ReturnType<typeof plainEpisode>, prepare: PrepareTruth): Episode {
  const values = new Map<number, Valued>();
  const valueAt = (place: number): Valued => {
    const known = values.get(place);
    if (known !== undefined) return known;
    const text = plain.texts[place] ?? "null";
    const value = { value: JSON.parse(text), text };
    values.set(place, value);
    return value;
  };
  const maybe = (place: number | null) => (place === null ? null : valueAt(place));
  const { fixed } = plain;
  const episode: Episode = {
    ...openEpisode(fixed.id, fixed.environment, fixed.kindConfigured, fixed.startedAt),
    ...fixed,
    context: maybe(plain.context),
    state: maybe(plain.state),
    pending: plain.pending === null ? null : pendingFrom(plain.pending),
    ending: eventOrNull(plain.ending),
  };
  for (const { step, action, observation, whole } of plain.buffer) {
    episode.buffer.set(step, {
      action: eventOrNull(action),
      observation: eventOrNull(observation),
      step: eventOrNull(whole),
    });
  }
  for (const { step, events } of plain.predictions) episode.predictions.set(step, events.map(eventFrom));
  for (const { truth, action, expected, ...rest } of plain.recent) {
    const recent: Recent = {
      ...rest,
      action: { value: JSON.parse(action), text: action },
      expected: new Map(expected),
      truth: truth === null ? null : prepare(fixed.environment, truth.kind, valueAt(truth.state), valueAt(truth.next)),
    };
    episode.recent.push(recent);
  }
  for (const name of plain.externals) episode.externals.add(name);
  episode.identities.restore(plain.identities);
  for (const { state, action } of plain.history)
    episode.history.push({ stateText: valueAt(state).text, actionText: action });
  for (const [name, tally] of plain.tallies) episode.tallies.set(name, { ...tally });
  return episode;
}

function pendingFrom(plain: Omit<Pending, "action"> & { readonly action: string }): Pending {
  // Older snapshots do not say who was asked.
  return { ...plain, asked: plain.asked ?? [], action: { value: JSON.parse(plain.action), text: plain.action } };
}

function plainEvent({ record }: Event): PlainEvent {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
  const { partition, offset, timestamp, key, value, sent } = record;
  const plain = [partition, offset, timestamp, key, base64(value ?? new Uint8Array())] as const;
  return sent === undefined ? plain : [...plain, base64(sent)];
}

function plainOrNull(event: Event | null): PlainEvent | null {
  return event === null ? null : plainEvent(event);
}

function eventFrom([partition, offset, timestamp, key, value, sent]: PlainEvent): Event {
  const record: LogRecord = {
    topic: "interactions",
    partition,
    offset,
    timestamp,
    key,
    value: Buffer.from(value, "base64"),
    ...(sent === undefined ? {} : { sent: Buffer.from(sent, "base64") }),
  };
  const decoded = decodeRecord(record, Number.POSITIVE_INFINITY);
  if (decoded.form !== "event") throw new Error("a snapshot holds an event that does not decode");
  return decoded.event;
}

function eventOrNull(plain: PlainEvent | null): Event | null {
  return plain === null ? null : eventFrom(plain);
}
