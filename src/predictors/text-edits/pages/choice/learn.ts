/** Learning one step in a world of pages: a row for the verb, one for the tail, and what other episodes may be told. */
import { hashText, mix } from "../../../lifted/hash.ts";
import { noneLabel } from "../../chosen.ts";
import type { TextOptions } from "../../options.ts";
import { isMarked } from "../../reading.ts";
import { countTry, rememberList, sourceKey } from "../../remembered.ts";
import type { Store } from "../../store.ts";
import { teachRow } from "../../teach.ts";
import { askedKeys, formOf, type PageBelief } from "../belief.ts";
import { courseKeys, numbers } from "../events/numbers.ts";
import { verbOf } from "../grammar.ts";
import { isMoving, learnMoved } from "../moved/choice.ts";
import { ofHeads } from "../naming/clauses.ts";
import { endsIn, learnEnds, withoutEnds } from "../naming/ends.ts";
import { calledBy } from "../naming/frames.ts";
import { besideOf, referentsOf } from "../naming/here.ts";
import { calledIn } from "../naming/names.ts";
import { allCandidates, calledKey, learnName } from "../naming/naming.ts";
import type { PageStructure } from "../structure.ts";
import { cut, titleOf } from "../text/cut.ts";
import { lift, liftTold } from "../text/lift.ts";
import { againOf, learnAgain } from "./again.ts";
import { learnCurve } from "./curves.ts";
import { proposedBy, writeProposed } from "./proposed.ts";
import { learnRivals } from "./rivals.ts";
import { type Asked, movedSource, type Proposals, sourceLabel, sourceMark } from "./sources.ts";
import { learnTail, tailChoice, tailChoiceOf, tailLabel, writeTailFeatures } from "./tails.ts";

export function learnPageStep(
  store: Store,
  pages: PageStructure,
  belief: PageBelief,
  asked: Asked,
  { next }: { readonly next: string },
  options: TextOptions,
): void {
  const { remembered, trainer, writer } = store;
  const { body, tail } = cut(pages, next);
  const proposed = proposedBy(store, pages, belief, asked);
  const { proposals } = proposed;
  const { args } = asked.action;
  const isPage = titleOf(pages, body) !== null;
  const candidates = isPage ? [] : allCandidates(belief, remembered.texts, asked.action);
  const verb = verbOf(asked.action.template);
  const isShown = (at: number) => (referentsOf(belief, asked.action)[at]?.rank ?? 0) > 0;
  const names = isPage ? { own: args, called: args } : calledBy(pages.frames, asked.action, body, candidates, isShown);
  const own = ofHeads(names.own, asked.action.clauses);
  const called = names.called === names.own ? own : ofHeads(names.called, asked.action.clauses);
  const isPlain = !isMarked(body) && !body.startsWith(sourceMark);
  const ends = isPage || !isPlain ? [] : endsIn(body, called, pages.links.phrases);
  const plain = withoutEnds(body, ends);
  const lifted: string[] = [];
  if (!isPage && isPlain) {
    const beside = besideOf(pages, belief, asked.action);
    lifted.push(lift(plain, called, belief.told, beside));
    // The name that only the wording tells may be always the same.
    if (called !== own) lifted.push(lift(body, own, belief.told, beside));
  }
  const isMoved = isMoving(pages, asked) && learnMoved(store, belief, asked, body, options.rememberedMax);
  const labels = labelsOf(store, proposals, asked, body, lifted, isMoved, options);
  writeProposed(writer, pages, belief, asked, proposed);
  const isWrong = teachRow(trainer, writer, verb, labels);
  learnRivals(remembered, belief, asked, { body, tail }, isWrong, options.rememberedMax);
  learnEnds(store, pages, belief, asked, called, ends);
  if (pages.tails.size > 0) {
    writeTailFeatures(writer, belief, asked, formOf(pages, belief, called, body));
    const label = store.templates.of(tailLabel(tail));
    if (label !== null) {
      teachRow(trainer, writer, tailChoice, [label]);
      teachRow(trainer, writer, tailChoiceOf(verb), [label]);
    }
    learnTail(tail, belief, remembered, options.rememberedMax);
  }
  learnAgain(remembered, againOf(belief, asked), asked, body, options.rememberedMax);
  learnSources(store, proposals, asked, body, options);
  for (const [at, candidate] of candidates.entries()) {
    const name = calledIn(body, candidate);
    const told = called[at] ?? "";
    if (told === "") continue;
    if (name === null && told !== args[at]) remembered.texts.note(calledKey(args[at] ?? ""), told, belief.world);
    if (name === null) continue;
    learnName(store, belief, asked, at, { candidates: candidate, called: name });
    remembered.texts.note(calledKey(args[at] ?? ""), name, belief.world);
  }
  const course = belief.courses.get(asked.actionText);
  if (course !== undefined && body.replace(numbers, "#") === course.words)
    for (const key of courseKeys(course, asked.actionText, belief.ticks + 1) ?? [])
      remembered.texts.note(key, body, belief.world);
  if (course !== undefined)
    learnCurve(remembered.curves, course, {
      now: belief.ticks + 1,
      text: body,
      thing: mix(asked.episode, hashText(asked.actionText)),
      world: belief.world,
    });
  const told = liftTold(body, belief.told);
  for (const key of askedKeys(belief, asked.actionText)) {
    remembered.texts.note(key, told, belief.world);
    remembered.texts.note(mix(key, belief.world), told, asked.episode);
  }
}

/** Where so little was seen yet, what is said once may be a template, too. */
const newMax = 8;

/** All that would have given the text; what is said a second time may be a template, the page of a place never is. */
function labelsOf(
  { templates, remembered, trainer }: Store,
  proposals: Proposals,
  asked: Asked,
  body: string,
  all: readonly string[],
  isMoved: boolean,
  { templateTextCharsMax, rememberedMax }: TextOptions,
): readonly number[] {
  const labels: number[] = [];
  for (const lifted of all) {
    if (lifted.length > templateTextCharsMax) continue;
    const hash = hashText(lifted);
    const isNew = (trainer.paths.get(verbOf(asked.action.template))?.rows.seen ?? 0) < newMax;
    const label = isNew || remembered.once.has(hash) ? templates.of(lifted) : null;
    if (label !== null) labels.push(label);
    rememberList(remembered.once, hash, true, rememberedMax);
  }
  // What a text moves to is learnt piece by piece: where nothing else tells the answer it is that, though not yet as it would be said.
  const isUntold = isMoved && !proposals.includes(body);
  for (let source = 0; source < proposals.length; source++) {
    if (proposals[source] !== body && !(isUntold && source === movedSource)) continue;
    const label = templates.of(sourceLabel(source));
    if (label !== null) labels.push(label);
  }
  const none = labels.length > 0 ? null : templates.of(noneLabel);
  return none === null ? labels : [none];
}

function learnSources(
  { remembered }: Store,
  proposals: Proposals,
  asked: Asked,
  body: string,
  { rememberedMax }: TextOptions,
): void {
  const verb = verbOf(asked.action.template);
  for (let source = 0; source < proposals.length; source++) {
    const label = sourceLabel(source);
    const text = proposals[source] ?? null;
    if (text === null) continue;
    countTry(remembered.sources, sourceKey(verb, label), text === body, rememberedMax);
  }
}
