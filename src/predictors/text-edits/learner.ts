/**
 * Learns one environment of texts. Every step teaches once: rows, what is remembered, and how right the prediction before it was. What rests
 * on many steps (the structure) is decided anew at growing numbers of steps, beside the learning, in slices; where it comes out another way,
 * a store is built under the new structure from the steps that are kept, and takes over when it has caught up.
 */
import type { Transition } from "../../codec/records.ts";
import { type Confidence, confidenceOf, createConfidence, learnHit } from "../lifted/confidence.ts";
import { createPublisher } from "../lifted/publisher.ts";
import type { Learner, Predictor, Situation } from "../predictor.ts";
import type { RuleOrder } from "../rule-orders.ts";
import { situationOf } from "../situation.ts";
import { stringOf } from "./beliefs.ts";
import { seal } from "./blobs.ts";
import { callOf, flatOf } from "./calls/call.ts";
import { learnCall } from "./calls/learn.ts";
import { requestOf } from "./calls/request.ts";
import { createEpisodes, type Episodes, momentOf, textsOf } from "./episodes.ts";
import { explainWith } from "./explain.ts";
import { reasonToAbstain } from "./limits.ts";
import type { TextOptions } from "./options.ts";
import type { Curves } from "./pages/choice/curves.ts";
import { type Deps, predictWith, type Thought, think } from "./predict.ts";
import { partsOf } from "./publish.ts";
import { renewed } from "./renew.ts";
import { rulesIn } from "./rules.ts";
import { restoreLearnt, snapshotLearnt } from "./snapshot.ts";
import { createStore, learnStep, type Store } from "./store.ts";
import { noStructure } from "./structure.ts";
import { createTallies, type Tallies } from "./tallies.ts";
import { createTasks, type Tasks } from "./tasks.ts";

export function createTextLearner(options: TextOptions): Learner {
  let store: Store = createStore(noStructure, options);
  let episodes: Episodes = createEpisodes(options);
  let confidence: Confidence = createConfidence();
  let tallies: Tallies = createTallies();
  let tasks: Tasks = createTasks();
  const publisher = createPublisher("text-edits", seal);
  let job: Generator<number, Store> | null = null;
  /** Steps learnt when the structure was last looked at, and in all. */
  let studiedAt = 0;
  let learnt = 0;
  let transitions = 0;
  let changed = true;
  let orders: readonly RuleOrder[] = [];

  const deps = (): Deps => ({
    rules: store,
    beliefs: store.beliefs,
    views: store.views,
    writer: store.writer,
    tasks,
    options,
  });
  const sure = (evidence: Thought["run"]["evidence"]): number => confidenceOf(confidence, evidence);

  function learn(transition: Transition): void {
    transitions += 1;
    changed = true;
    if (transition.kind === "state") return learnAnswer(transition);
    const { stateText, actionText, contextText } = textsOfTransition(transition);
    const length = Math.max(stateText.length, transition.nextState.length);
    const reason = reasonToAbstain({ kind: transition.kind, stateText, actionText, contextText }, options);
    if (reason !== null || length > options.textCharsMax || stringOf(transition.nextState) === null) return;
    const situation = situationOf(transition, contextText, undefined, episodes.historyOf(transition));
    const thought = think(deps(), situation);
    if (typeof thought !== "string") {
      const truth = stringOf(transition.nextState)?.trim();
      const hit = thought.run.text === truth;
      learnHit(confidence, thought.run.evidence, hit);
      tallies.note(thought.choice, thought.run.template, hit);
    }
    tasks.note(transition);
    const place = episodes.add(transition);
    if (place === null) return;
    learnt += 1;
    learnStep(store, momentOf(place), textsOf(place), options);
    store.trainer.work(options.growBudget);
    if (job === null && learnt >= Math.max(options.studyMin, studiedAt * options.studyGrowth)) begin();
    work(options.studyBudget);
  }

  /** Of structured states only calls that are answered in text. */
  function learnAnswer(transition: Transition): void {
    const { stateText, actionText, contextText } = textsOfTransition(transition);
    const situation = situationOf(transition, contextText);
    const call = callOf(situation);
    if (call === null || reasonToAbstain({ ...transition, stateText, actionText, contextText }, options, true) !== null)
      return;
    const thought = think(deps(), situation);
    if (typeof thought !== "string")
      learnHit(confidence, thought.run.evidence, thought.stateText === transition.nextState);
    const flat = flatOf(JSON.parse(transition.nextState));
    learnCall(store, requestOf(call, situation.context), { actionText, flat }, options);
    store.trainer.work(options.growBudget);
  }

  function begin(): void {
    studiedAt = learnt;
    job = renewed(store, episodes, options);
  }

  function work(budget: number): void {
    for (let left = budget; job !== null && left > 0; ) {
      const next = job.next();
      if (next.done === true) {
        store = next.value;
        job = null;
      } else left -= next.value;
    }
  }

  /** Finishes what is under way. */
  function finish(): void {
    work(Number.POSITIVE_INFINITY);
    store.trainer.settle();
  }

  return {
    learn,
    historyOf: (transition) => episodes.historyOf(transition),
    current: (): Predictor => ({
      name: "text-edits",
      version: "learning",
      deterministic: true,
      predict: (situation: Situation) => predictWith(deps(), situation, sure),
      explain: (situation: Situation) => explainWith(deps(), store.words, situation, sure),
      rules: () => rulesIn(store, store.words, tallies, orders),
    }),
    obey(given) {
      if (JSON.stringify(given) === JSON.stringify(orders)) return;
      orders = given;
      changed = true;
    },
    dirty: () => changed,
    settle() {
      finish();
      if (learnt > studiedAt) begin();
      finish();
    },
    publish(put) {
      changed = false;
      // Until the next version what went wrong is learnt anew, in slices: a world that changes is followed.
      store.trainer.refresh();
      const entries = store.choices.size;
      return { ...publisher.publish(partsOf(store, confidence, tasks, tallies, orders, transitions), put), entries };
    },
    snapshot() {
      finish();
      return snapshotLearnt(store, episodes, confidence, {
        transitions,
        learnt,
        studiedAt,
        changed,
        published: publisher.last(),
        tallies: tallies.written(),
        tasks: tasks.written(),
      });
    },
    restore(snapshot) {
      const restored = restoreLearnt(snapshot, options);
      ({ store, episodes, confidence } = restored);
      ({ transitions, learnt, studiedAt, changed } = restored.head);
      tallies = createTallies(restored.head.tallies);
      tasks = createTasks(restored.head.tasks);
      publisher.restore(restored.head.published);
      job = null;
    },
    get transitions() {
      return transitions;
    },
    storeBytes: () =>
      4_096 +
      2 * (episodes.chars + store.remembered.texts.chars + store.remembered.after.chars) +
      store.trainer.bytes +
      rememberedBytes * rememberedCount(store) +
      onceBytes * (store.remembered.once.size + tallies.size + tasks.size + readingsOf(store.remembered.curves)),
  };
}

/** About, of one list or tally that is remembered. */
const rememberedBytes = 300;
/** Of a number in a map. */
const onceBytes = 40;

function rememberedCount({ remembered: { places, habits, constants, sources, calls } }: Store): number {
  return places.size + habits.size + constants.size + sources.size + calls.size;
}

function readingsOf(curves: Curves): number {
  let readings = 0;
  for (const all of curves.values()) for (const { values } of all.values()) readings += values.size;
  return readings;
}

function textsOfTransition({ state, action, context }: Transition) {
  return { stateText: state ?? "null", actionText: action, contextText: context };
}
