/**
 * Learns one environment: shape and lore from every state, rows from every step, forests in slices, gate and calibration from what the rules
 * would have said before they learnt the step. When states turn out to be read in another way, recent steps are learnt anew, a few with each new
 * one, the newest first.
 */
import type { Transition } from "../../../codec/records.ts";
import { equalJson } from "../../../json/diff.ts";
import type { ShapeOverrides } from "../../../json/shape/overrides.ts";
import { createShape } from "../../../json/shape/shape.ts";
import { type Judged, learnHit, settleOn } from "../../lifted/confidence.ts";
import { createPublisher } from "../../lifted/publisher.ts";
import type { Learner, Prediction, Predictor, Situation } from "../../predictor.ts";
import type { RuleOrder } from "../../rule-orders.ts";
import { exhaust } from "../../slices.ts";
import { createStates, type StepStates } from "../../states.ts";
import type { LiftedOptions } from "../options.ts";
import { noAction, predictWith, type Run, run, situationName } from "../rules/engine.ts";
import { explainWith } from "../rules/explain.ts";
import { createDesk } from "../rules/rows.ts";
import { rulesIn } from "../rules/rules.ts";
import { textsOfCall } from "../situation/action.ts";
import { seal } from "../versions/blobs.ts";
import { createFormFinder, type Found } from "./form-finder.ts";
import { createHeldOut } from "./held-out.ts";
import { judgeStage, type Suspects, suspectsOf } from "./hindsight.ts";
import { createNews } from "./news.ts";
import { partsOf } from "./publish.ts";
import { bytesOf, createRecent, type RecentStep } from "./recent.ts";
import { restoreStore, snapshotStore } from "./snapshot.ts";
import type { Fresh } from "./stage-learner.ts";
import { createStore, knownOf, noteSurprise, readAnew, rulesOf } from "./store.ts";
import { asThings, stepOf } from "./told-step.ts";

const nobody: ReadonlySet<string> = new Set();
const templatesMax = 20_000;
/** Former steps in which a path stayed that changes for the first time. */
const contrastSteps = 8;
/** Former steps learnt anew with each new one. */
const formerPerStep = 4;
/** And at one time, where all of them are to be learnt anew. */
const formerPerSlice = 8;
/**
 * After so many steps all are read again, if things are told apart by what was not known before (their types, what refers to what): the first
 * rows lack it, and so few contradict them that rules would speak of them.
 */
const readAgainAt: ReadonlySet<number> = new Set([64, 512]);

interface Hindsight {
  readonly suspects: Suspects;
  /** Foretold, and an action of a form that was seen often: it has little to teach. */
  readonly isFamiliar: boolean;
}

export function createLiftedLearner(options: LiftedOptions, overrides: ShapeOverrides = {}): Learner {
  let store = createStore(options, createShape(overrides));
  const recent = createRecent(options);
  const heldOut = createHeldOut(options);
  const states = createStates();
  const publisher = createPublisher("lifted-edits", seal);
  const desk = createDesk(null);
  const forms = createFormFinder();
  const news = createNews(options);
  let newest: {
    readonly stateText: string;
    readonly actionText: string;
    readonly run: Run;
  } | null = null;
  let revision = 0;
  /** Recent steps before this one are to be learnt anew. */
  let unread = 0;
  let transitions = 0;
  let changed = true;
  /** By what things are told apart, as of the last time that all steps were read again. */
  let known = "";
  let orders: readonly RuleOrder[] = [];

  function learn(transition: Transition, parsedStates: StepStates = states.of(transition)): void {
    transitions += 1;
    changed = true;
    const told = stepOf(transition, parsedStates, options);
    if (told === null) return;
    const found = store.facts === null ? forms.find(transition, told.before, told.after, transitions) : null;
    if (found !== null) return startAnew(found);
    const step = renamed(asThings(told, store.facts));
    const cached =
      newest?.stateText === transition.state && newest.actionText === transition.action ? newest.run : null;
    newest = null;
    const isNext = recent.at(recent.to - 1)?.after === step.before;
    if (!isNext) store.shape.observe(step.before, null);
    store.shape.observe(step.after, step.before);
    if (step.middle !== null) store.shape.observe(step.middle, step.before);
    store.shape.address(step.after, textsOfCall(step.action, step.after));
    // Before, the world did nothing by itself that was told: what was learnt of actions stands.
    if (step.middle !== null) store.staged = true;
    const name = () => situationName(transition.state ?? "", transition.action);
    const bytes = bytesOf(transition, isNext);
    const isHeldOut =
      isDue() && heldOut.push({ step, name: name(), bytes: bytes + 3 * (transition.state?.length ?? 0) });
    if (!isHeldOut) recent.push(step, bytes);
    if (store.shape.revision !== revision) {
      revision = store.shape.revision;
      readAnew(store, options, store.shape.takeChanged());
      unread = recent.to;
      if (!isHeldOut) {
        unread -= 1;
        learnStep(step, []);
      }
    } else {
      const { suspects, isFamiliar } = hindsight(step, cached, name, !isHeldOut);
      const isLearnt = !isFamiliar || store.stages[0].trainer.random.next() < options.familiarShare;
      if (!isHeldOut && isLearnt) learnStep(step, suspects);
    }
    if (readAgainAt.has(transitions)) readAgain();
    readFormer(formerPerStep);
    const slices = news.slices(transitions, store.templates.size);
    for (const { trainer } of store.stages)
      for (let done = 0; done < slices && !trainer.idle; done++) trainer.work(options.growBudget);
  }

  /** What was learnt before it was known that states are facts is learnt as such. */
  function startAnew({ form, steps }: Found): void {
    store = createStore(options, createShape(overrides));
    store.facts = form;
    recent.clear();
    transitions -= steps.length;
    [revision, unread, known] = [0, 0, ""];
    for (const step of steps) learn(step);
  }

  function readAgain(): void {
    // What is no longer at hand cannot be read again.
    if (recent.to - recent.from < transitions) return;
    const now = knownOf(store);
    if (now === known) return;
    known = now;
    for (const stage of store.stages) stage.drop(() => true);
    unread = recent.to;
    exhaust(growing());
  }

  /** Under the names that rules know. */
  function renamed(step: RecentStep): RecentStep {
    const { renames, shape } = store;
    const valuesOf = (place: string, field: string) =>
      store.lore.counts.collections.get(place)?.candidates.get(field)?.values;
    renames.spot(renames.read(step.before), shape.root, valuesOf);
    const [before, after] = [renames.read(step.before), renames.read(step.after)];
    return { ...step, before, after, middle: step.middle === null ? null : renames.read(step.middle) };
  }

  /** What would have been said, and was it right? */
  function hindsight(step: RecentStep, cached: Run | null, situation: () => string, isLearnt: boolean): Hindsight {
    const { before, after, action, context } = step;
    if (store.reader.read(before).tooLarge) return { suspects: [], isFamiliar: false };
    const done = cached ?? run(rulesOf(store), before, action, context, desk, situation);
    const hit = equalJson(done.next, after);
    learnHit(store.confidence, done.evidence, hit);
    if (isLearnt && !hit && !equalJson(before, after)) noteSurprise(store, situation());
    const middle = step.middle ?? after;
    const [first, second] = done.outcomes;
    if (first !== undefined) judgeStage(store.gate, 0, first, store.reader, store.staged ? middle : after);
    if (second !== undefined && equalJson(second.scene.state, middle))
      judgeStage(store.gate, 1, second, store.reader, after);
    const template = first?.scene.action.template ?? "";
    const seen = store.templates.get(template) ?? 0;
    if (store.templates.size < templatesMax || seen > 0) store.templates.set(template, seen + 1);
    return { suspects: suspectsOf(done), isFamiliar: hit && seen >= options.familiarMin };
  }

  function learnStep(
    { before, middle, after, action, context }: RecentStep,
    suspects: Suspects,
    isFormer = false,
  ): void {
    const { reader, stages, staged } = store;
    if (reader.read(before).tooLarge || reader.read(after).tooLarge) return;
    const between = staged ? (middle ?? after) : after;
    const [first = nobody, second = nobody] = suspects;
    const fresh = stages[0].learn({ before, after: between, action, context, suspects: first, isFormer });
    if (!isFormer) contrast(0, fresh);
    if (!staged) return;
    const later = stages[1].learn({ before: between, after, action: noAction, context, suspects: second, isFormer });
    if (!isFormer) contrast(1, later);
  }

  /** What changes for the first time stayed as it was in all steps before: a few of them say what is different now. */
  function contrast(at: 0 | 1, fresh: Fresh): void {
    if (fresh.size === 0 || unread > recent.from) return;
    for (let number = recent.to - 2; number >= recent.from && number > recent.to - 2 - contrastSteps; number--) {
      const step = recent.at(number);
      if (step === undefined || store.reader.read(step.before).tooLarge) continue;
      const { before, middle, after, action, context } = step;
      if (at === 0) store.stages[0].contrast({ before, action, context }, fresh);
      else store.stages[1].contrast({ before: middle ?? after, action: noAction, context }, fresh);
    }
  }

  function readFormer(count: number): void {
    for (let done = 0; done < count && unread > recent.from; done++) {
      const step = recent.at(--unread);
      if (step !== undefined) learnStep(step, [], true);
    }
  }

  function isDue(): boolean {
    return transitions > options.heldOutFrom && transitions % options.heldOutEvery === 0;
  }

  /** Rules that are grown from all that was learnt are judged by what was held out, which is learnt then. */
  function* settling(): Generator<void> {
    yield* growing();
    const held = heldOut.take().filter(({ step }) => !store.reader.read(step.before).tooLarge);
    const judged: (Judged & Pick<Hindsight, "suspects">)[] = [];
    for (const { step, name } of held) {
      const done = run(rulesOf(store), step.before, step.action, step.context, desk, () => name);
      judged.push({ evidence: done.evidence, hit: equalJson(done.next, step.after), suspects: suspectsOf(done) });
      yield;
    }
    settleOn(store.confidence, judged);
    if (held.length === 0) return;
    for (const [at, { step, name, bytes }] of held.entries()) {
      if (judged[at]?.hit === false && !equalJson(step.before, step.after)) noteSurprise(store, name);
      recent.push(step, bytes);
      learnStep(step, judged[at]?.suspects ?? []);
      yield;
    }
    yield* growing();
  }

  function* growing(): Generator<void> {
    while (unread > recent.from) {
      readFormer(formerPerSlice);
      yield;
    }
    for (const stage of store.stages) yield* stage.trainer.settling();
  }

  const settle = () => exhaust(settling());

  function predict(situation: Situation): Prediction {
    const { run: done, ...prediction } = predictWith(rulesOf(store), situation, options, desk);
    if (done !== undefined) newest = { stateText: situation.stateText, actionText: situation.actionText, run: done };
    return prediction;
  }

  return {
    learn,
    current: (): Predictor => ({
      name: "lifted-edits",
      version: "learning",
      deterministic: true,
      predict,
      explain: (situation) => explainWith(rulesOf(store), store.words, situation, options, desk),
      rules: () => rulesIn(rulesOf(store), store.words, orders),
    }),
    obey(given) {
      if (JSON.stringify(given) === JSON.stringify(orders)) return;
      orders = given;
      changed = true;
    },
    dirty: () => changed,
    preparing: settling,
    settle,
    publish(put) {
      settle();
      changed = false;
      const entries = store.stages.reduce((sum, stage) => sum + stage.models.size, 0);
      return { ...publisher.publish(partsOf(store, orders, transitions), put), entries };
    },
    snapshot() {
      settle();
      recent.clear();
      unread = 0;
      states.clear();
      newest = null;
      store.shape.forgetCounted();
      store.lore.forgetCounted();
      return snapshotStore(store, { transitions, revision, changed, news: news.left, published: publisher.last() });
    },
    restore(snapshot) {
      const { store: restored, head } = restoreStore(snapshot, options, overrides);
      store = restored;
      ({ transitions, revision, changed } = head);
      news.left = head.news ?? 0;
      publisher.restore(head.published);
      recent.clear();
      heldOut.take();
      states.clear();
      newest = null;
      unread = 0;
    },
    get transitions() {
      return transitions;
    },
    storeBytes: () =>
      recent.bytes + heldOut.bytes + store.stages.reduce((sum, stage) => sum + stage.trainer.bytes, 4_096),
  };
}
