/** A model version at work: from a situation to the next state. Immutable once published; the learner's own is a view of what it has. */
import type { Json, Patch } from "../../../json/json.ts";
import { patchBetween } from "../../../json/patch.ts";
import type { Stand } from "../../lifted/gate.ts";
import { copied } from "../expressions/subtree.ts";
import { createScene, type Lore, type Scene } from "../situation/scene.ts";
import { assemble, type Edit } from "../state/assemble.ts";
import type { Canon, Reader } from "../state/canon.ts";
import { type Answer, accorded } from "./accord.ts";
import type { Company } from "./company.ts";
import { type Barred, type Decision, decide } from "./decide.ts";
import type { Effects } from "./effects.ts";
import { arraysOf, reordered } from "./order.ts";
import type { RowModels } from "./row-model.ts";
import type { Desk } from "./rows.ts";

/** The rules of one stage: what the action does, or what the world does by itself afterwards. */
export interface StageModel {
  readonly models: RowModels;
  readonly lore: Lore;
  readonly company: Company;
  readonly effects: Effects;
}

export interface Outcome extends Answer {
  readonly scene: Scene;
  readonly next: Json;
}

/** What is known of rules like that of a decision. */
export interface Judge {
  stand(decision: Decision, scene: Scene): Stand;
  /** How often such a decision was right. */
  precision(decision: Decision, scene: Scene): number;
}

/** `state`: before the stage; `action`: null in the one in which the world does something by itself. What is decided is judged before it is done. */
export function runStage(
  stage: StageModel,
  reader: Reader,
  state: Json,
  action: Json,
  context: Json | null,
  desk: Desk,
  judge: Judge,
): Outcome {
  const canon = reader.read(state);
  const scene = createScene(canon, state, action, context, stage.lore, reader.paths);
  const { template } = scene.action;
  const parts = stage.effects.partsOf(template);
  const standOf = (decision: Decision): Stand =>
    !decision.isPinned && stage.effects.isNever(template, decision.key) ? "shut" : judge.stand(decision, scene);
  const answer = (barred?: Barred): Answer => {
    const verdict = decide(scene, reader.paths, stage.models, desk, barred, parts);
    return { verdict, kept: passed(verdict.decisions, standOf) };
  };
  const { verdict, kept } = accorded(answer(), stage.company, (decision) => judge.precision(decision, scene), answer);
  return { scene, verdict, kept, next: nextOf(scene, reader, kept) };
}

/** A step is right as a whole or not at all: where some of its edits are proven, well-founded others go with them. */
function passed(decisions: readonly Decision[], standOf: (decision: Decision) => Stand): readonly Decision[] {
  const stands = decisions.map(standOf);
  if (!stands.includes("open")) return [];
  return decisions.filter(
    ({ share, support }, at) =>
      stands[at] === "open" ||
      (stands[at] === "unproven" && share >= companionShareMin && support >= companionSupportMin),
  );
}

const companionShareMin = 0.5;
const companionSupportMin = 5;

/** The decisions put into the state: attributes and things first, then copies of what came of them, then the order of arrays. */
function nextOf(scene: Scene, reader: Reader, decisions: readonly Decision[]): Json {
  if (decisions.length === 0) return scene.state;
  const { canon } = scene;
  const edits: Edit[] = [];
  for (const { entity, path, value, copies } of decisions) {
    if (path !== null && copies.length === 0) edits.push({ entity, path, value });
  }
  const gone = decisions.filter((one) => one.expression[0] === "gone").map((one) => one.entity);
  const births = decisions.flatMap((one) => one.births);
  const byName = (name: string | number) => canon.named(String(name))[0];
  let next = assemble(scene.state, edits, births, gone, byName);
  if (
    scene.lore.walked.size > 0 &&
    (births.length > 0 || gone.length > 0 || edits.some(({ path }) => path.text.startsWith("^")))
  ) {
    next = inOrder(next, canon, reader, scene.lore);
  }
  const waiting = decisions.filter((one) => one.copies.length > 0);
  return waiting.length === 0 ? next : withCopies(next, scene, reader, waiting);
}

function withCopies(next: Json, scene: Scene, reader: Reader, decisions: readonly Decision[]): Json {
  const after = reader.read(next);
  const edits: Edit[] = [];
  for (const { entity, path, value: begun, copies } of decisions) {
    if (path === null) continue;
    const value = copied(begun, copies, { scene, paths: reader.paths, entity, path }, after);
    if (value !== undefined) edits.push({ entity, path, value });
  }
  return assemble(next, edits, [], [], () => undefined);
}

function inOrder(next: Json, before: Canon, reader: Reader, lore: Lore): Json {
  const canon = reader.read(next);
  const old = arraysOf(before);
  let result = next;
  for (const [collection, elements] of arraysOf(canon)) {
    const [first] = elements;
    if (!lore.walked.has(collection.path) || first === undefined || first.owner === null) continue;
    const values = reordered(elements, old.get(collection) ?? [], lore.parts);
    if (values === null) continue;
    result = assemble(result, [{ entity: first.owner, path: first.place, value: values }], [], [], () => undefined);
  }
  return result;
}

/** RFC 6902; empty where nothing changes. */
export function patchOf(state: Json, next: Json): Patch {
  return next === state ? [] : patchBetween(state, next);
}
