/** What a learner has learnt as text, and back. Nothing may be under way. */
import { type Confidence, createConfidence } from "../lifted/confidence.ts";
import type { PublishedBlob } from "../lifted/publisher.ts";
import { readConfidence, type WrittenConfidence, writeConfidence } from "../lifted/written.ts";
import { restoreRows, type WrittenRows, writeRows } from "../lifted/written-rows.ts";
import { createEpisodes, type Episodes, type WrittenEpisodes } from "./episodes.ts";
import type { TextOptions } from "./options.ts";
import { createStore, type Store } from "./store.ts";
import { readStructure, type WrittenStructure, writeStructure } from "./structure.ts";
import type { WrittenTally } from "./tallies.ts";
import type { WrittenTask } from "./tasks.ts";
import { createTemplates } from "./templates.ts";
import {
  readChoice,
  readRemembered,
  type WrittenChoice,
  type WrittenRemembered,
  writeChoice,
  writeRemembered,
} from "./written.ts";

export interface SnapshotHead {
  readonly transitions: number;
  readonly learnt: number;
  readonly studiedAt: number;
  readonly changed: boolean;
  readonly published: readonly PublishedBlob[];
  /** Absent in snapshots from before they were counted. */
  readonly tallies?: readonly WrittenTally[];
  /** Absent in snapshots from before tasks were told apart. */
  readonly tasks?: readonly WrittenTask[];
}

interface Written {
  readonly head: SnapshotHead;
  readonly structure: WrittenStructure;
  readonly episodes: WrittenEpisodes;
  readonly remembered: WrittenRemembered;
  readonly once: readonly number[];
  readonly templates: readonly string[];
  readonly words: readonly (readonly [number, string])[];
  readonly choices: readonly WrittenChoice[];
  readonly rows: WrittenRows;
  readonly random: number;
  readonly confidence: WrittenConfidence;
  /** AdaGrad's sums: of no use but to go on learning. */
  readonly squares: readonly number[];
}

export function snapshotLearnt(
  store: Store,
  episodes: Episodes,
  confidence: Confidence,
  head: SnapshotHead,
): Uint8Array {
  const written: Written = {
    head,
    structure: writeStructure(store.structure),
    episodes: episodes.written(),
    remembered: writeRemembered(store.remembered),
    once: [...store.remembered.once.keys()],
    templates: store.templates.all(),
    words: [...store.words],
    choices: [...store.choices].map(([form, choice]) => writeChoice(form, choice)),
    rows: writeRows(store.trainer),
    random: store.trainer.random.state,
    confidence: writeConfidence(confidence),
    squares: [...confidence.squares],
  };
  return Buffer.from(JSON.stringify(written));
}

export interface Restored {
  readonly store: Store;
  readonly episodes: Episodes;
  readonly confidence: Confidence;
  readonly head: SnapshotHead;
}

/** The bytes are this process's own, checked by their hash: their shape is trusted. */
export function restoreLearnt(snapshot: Uint8Array, options: TextOptions): Restored {
  const written: Written = JSON.parse(Buffer.from(snapshot).toString("utf8"));
  const store = createStore(readStructure(written.structure), options, {
    remembered: readRemembered(written.remembered, options, written.once),
    templates: createTemplates(options.templateCharsMax, written.templates),
    words: new Map(written.words),
  });
  for (const choice of written.choices) store.choices.set(choice.form, readChoice(choice));
  restoreRows(store.trainer, written.rows, (form) => store.choices.get(form)?.forest ?? null);
  store.trainer.random.state = written.random;
  const confidence = createConfidence();
  readConfidence(confidence, written.confidence);
  confidence.squares.set(written.squares);
  return { store, episodes: createEpisodes(options, written.episodes), confidence, head: written.head };
}
