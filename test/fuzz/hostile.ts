/** A stream of hostile events: half-right, wrong, doubled, disordered, garbled, from the past and the future. Seeded, endless, cheap. */
import { blankInteraction } from "../../src/codec/blank-interaction.ts";
import { codecs } from "../../src/codec/codecs.ts";
import { validateEvent } from "../../src/codec/events.ts";
import { type Random, seeded } from "../crash/random.ts";

export interface Hostile {
  readonly key: string | null;
  readonly value: Uint8Array;
  /** The clock moves by so much before it. */
  readonly waitMs: number;
}

const tick = codecs.interaction.encode(blankInteraction);
const values: readonly unknown[] = [
  { n: 0 },
  { n: 1, list: [1, 2, 3] },
  { deep: { a: { b: { c: null } } } },
  "You see a door.",
  "",
  "\u0000\ufffd",
  [],
  null,
  0,
  1e308,
  { constructor: 1, "": 2, "a/b": 3, "~": 4 },
];
const patches: readonly unknown[] = [
  [],
  [{ op: "replace", path: "/n", value: 5 }],
  [{ op: "add", path: "/list/-", value: 1 }],
  [{ op: "remove", path: "/nothing" }],
  [{ op: "add", path: "/__proto__/polluted", value: true }],
  [{ op: "replace", path: "/constructor/prototype/polluted", value: true }],
  [{ op: "copy", from: "", path: "/again" }],
  [{ op: "move", from: "/n", path: "/n/m" }],
  [{ op: "test", path: "", value: 1 }],
  [{ op: "add", path: "/list/999999999", value: 1 }],
];
const garbage = [
  Buffer.from(""),
  Buffer.from("{"),
  Buffer.from("null"),
  Buffer.from('{"type":"end"}'),
  Buffer.from('{"type":"tick","episode":""}'),
  Buffer.from('{"type":"step","episode":"e1","action":"x","state":{"__proto__":{"polluted":true}}}'),
  Buffer.from([0xff, 0xfe, 0xfd]),
  Buffer.from([0xc3, 0x01]),
  Buffer.from([0x00, 0x00, 0x00, 0x00, 0x07, 0x02]),
  Buffer.from(`{"type":"step","episode":"e2","action":"x","state":${"[".repeat(3_000)}${"]".repeat(3_000)}}`),
  Buffer.from('{"type":"step","episode":"e3","action":"x","state":"\\ud800"}'),
];

export function* hostileEvents(seed: number): Generator<Hostile> {
  const random = seeded(seed);
  const recent: Hostile[] = [];
  let epoch = 0;
  for (;;) {
    // Episodes die out and new ones come.
    if (random.chance(0.0005)) epoch++;
    const event = next(random, recent, epoch);
    if (event.key !== null) {
      recent.push(event);
      if (recent.length > 500) recent.shift();
    }
    yield event;
  }
}

function next(random: Random, recent: readonly Hostile[], epoch: number): Hostile {
  const waitMs = random.chance(0.001) ? random.below(2_000_000) : random.below(3);
  const draw = random.below(100);
  if (draw < 10 && recent.length > 0) return { ...random.pick(recent), waitMs };
  if (draw < 13) return { key: null, value: tick, waitMs };
  const episode = `e${epoch}-${random.below(60)}`;
  if (draw < 16) return { key: episode, value: random.pick(garbage), waitMs };
  const event = eventOf(random, episode);
  if (draw < 19) return { key: episode, value: garbled(random, event), waitMs };
  if (draw < 60) {
    const verdict = validateEvent(event);
    if (verdict.ok) return { key: episode, value: codecs.interaction.encode(verdict.interaction), waitMs };
  }
  return { key: random.chance(0.02) ? "another" : episode, value: Buffer.from(JSON.stringify(event)), waitMs };
}

/** Truncated or with a bit turned, as JSON or as Avro. */
function garbled(random: Random, event: object): Uint8Array {
  const verdict = validateEvent(event);
  const bytes = Buffer.from(
    verdict.ok && random.chance(0.5) ? codecs.interaction.encode(verdict.interaction) : JSON.stringify(event),
  );
  if (random.chance(0.5)) return bytes.subarray(0, random.below(bytes.length));
  const at = random.below(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
  return bytes;
}

function eventOf(random: Random, episode: string): object {
  const step = random.chance(0.8) ? { step: random.chance(0.97) ? random.below(25) : random.below(2_000_000_000) } : {};
  const state = random.chance(0.4) ? { patch: random.pick(patches) } : { state: random.pick(values) };
  const more = {
    ...(random.chance(0.05) ? { environment: random.pick(["w", "v", "u"]) } : {}),
    ...(random.chance(0.05) ? { id: `i${random.below(50)}` } : {}),
    ...(random.chance(0.03) ? { time: random.pick([0, 253_402_300_799_999, "1970-01-01T00:00:00Z"]) } : {}),
    ...(random.chance(0.02) ? { sucess: true } : {}),
  };
  const base = { episode, ...more };
  switch (random.below(12)) {
    case 0:
      return {
        ...base,
        type: "reset",
        environment: random.pick(["w", "v"]),
        ...(random.chance(0.7) ? { state: random.pick(values) } : {}),
      };
    case 1:
      return { ...base, type: "end", success: random.chance(0.5) };
    case 2:
    case 3:
      return {
        ...base,
        type: "action",
        action: random.pick(["go", { name: "x", arguments: { a: 1 } }, null, ""]),
        ...step,
      };
    case 4:
    case 5:
      return { ...base, type: "observation", ...state, ...step, ...(random.chance(0.05) ? { done: true } : {}) };
    case 6:
    case 7:
      return {
        ...base,
        type: "prediction",
        predictor: random.pick(["p", "q"]),
        ...state,
        step: random.below(25),
        confidence: 0.5,
      };
    default:
      return {
        ...base,
        type: "step",
        action: random.pick(["go", "look"]),
        ...state,
        ...step,
        ...(random.chance(0.02) ? { intermediatePatch: random.pick(patches) } : {}),
      };
  }
}
