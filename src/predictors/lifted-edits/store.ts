/** Everything that a learner has, and the rules as they are at this moment. */
import { createShape, type Shape } from "../../json/shape/shape.ts";
import { type Calibration, calibrated, emptyCalibration } from "../lifted/calibration.ts";
import { createGate, type Gate } from "../lifted/gate.ts";
import { createReader, type Reader } from "./canon.ts";
import type { Rules } from "./engine.ts";
import { createLabels, type Labels } from "./labels.ts";
import { createLoreLearner, type LoreLearner } from "./lore.ts";
import type { LiftedOptions } from "./options.ts";
import { createDesk, type Desk } from "./rows.ts";
import { createStageLearner, type StageLearner } from "./stage-learner.ts";

export interface Store {
  shape: Shape;
  reader: Reader;
  readonly labels: Labels;
  lore: LoreLearner;
  /** What the action does; what the world does afterwards. */
  readonly stages: readonly [StageLearner, StageLearner];
  readonly gate: Gate;
  readonly known: Calibration;
  readonly novel: Calibration;
  readonly templates: Map<string, number>;
  readonly words: Map<number, string>;
  /** Situations in which something changed that was not foretold, newest last. */
  readonly surprises: Set<string>;
  /** For learning: with words. */
  readonly desk: Desk;
  /** Some step told the state between action and tick. */
  staged: boolean;
}

export function createStore(
  options: LiftedOptions,
  shape: Shape = createShape(),
  labels: Labels = createLabels(),
): Store {
  const words = new Map<number, string>();
  const desk = createDesk(words);
  const deps = { options, labels, desk, lore: () => store.lore, reader: () => store.reader };
  const store: Store = {
    shape,
    reader: createReader(shape.root, options.entitiesMax),
    labels,
    lore: createLoreLearner(),
    stages: [createStageLearner(deps), createStageLearner(deps)],
    gate: createGate(),
    known: emptyCalibration(),
    novel: emptyCalibration(),
    templates: new Map(),
    words,
    surprises: new Set(),
    desk,
    staged: false,
  };
  return store;
}

/** States are read anew: all that was learnt by the old reading goes, but for what is known of actions and confidence. */
export function readAnew(store: Store, options: LiftedOptions): void {
  store.reader = createReader(store.shape.root, options.entitiesMax);
  store.lore = createLoreLearner();
  for (const stage of store.stages) stage.clear();
}

export function rulesOf(store: Store): Rules {
  return {
    get stages() {
      const models = store.staged ? store.stages : store.stages.slice(0, 1);
      return models.map((stage) => ({ models: stage.models, lore: store.lore.lore }));
    },
    get reader() {
      return store.reader;
    },
    isOpen: (key, template) => store.gate.isOpen(key, template),
    confidence: () => ({ known: calibrated(store.known), novel: calibrated(store.novel) }),
    templates: store.templates,
    wasSeen: (situation) => store.surprises.has(situation),
  };
}
