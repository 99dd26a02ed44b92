/** What was learnt under one structure: rows and forests by the form of the action, and what is remembered across episodes. */

import { certain, type Growing } from "../lifted/counter.ts";
import { hashText } from "../lifted/hash.ts";
import { createTrainer, type PathMemory, type Trainer } from "../lifted/trainer.ts";
import { type Belief, ownerOf } from "./belief.ts";
import {
  type Beliefs,
  createBeliefs,
  createViews,
  type Moment,
  readActionText,
  readAnswer,
  readPhraseText,
  stringOf,
  type Views,
} from "./beliefs.ts";
import type { Choice, Rules } from "./engine.ts";
import { writeFeatures } from "./features.ts";
import { ordered, plainListing } from "./listing.ts";
import type { TextOptions } from "./options.ts";
import { learnPageStep } from "./pages/choice/learn.ts";
import { weightOf } from "./pages/choice/sources.ts";
import { noPages } from "./pages/structure.ts";
import type { ReadAction, ReadText } from "./reading.ts";
import {
  counted,
  countTry,
  createRemembered,
  habitKey,
  placeKey,
  type Remembered,
  rememberList,
  sameList,
  sourceKey,
} from "./remembered.ts";
import { listKey, type Structure, slotKey, sourceText } from "./structure.ts";
import { teachRow } from "./teach.ts";
import { createTemplates, type Templates } from "./templates.ts";
import { TokenWriter } from "./token-writer.ts";
import { listFrom, sourcesOf } from "./values.ts";

export interface Store extends Rules {
  readonly structure: Structure;
  readonly remembered: Remembered;
  readonly templates: Templates;
  readonly trainer: Trainer;
  readonly choices: Map<string, Choice>;
  readonly beliefs: Beliefs;
  /** Of a world of pages. */
  readonly views: Views;
  readonly words: Map<number, string>;
  readonly writer: TokenWriter;
}

/** Much of what pages say was drawn at random when their world was made: what tells few rows apart is chance. */
const uncertain: Growing = { trees: 11, share: 0.6, bits: 3, labelBits: 0.5, actionBits: 0 };

export interface StoreParts {
  readonly remembered: Remembered;
  readonly templates: Templates;
  readonly words: Map<number, string>;
}

export function createStore(
  structure: Structure,
  options: TextOptions,
  { remembered, templates, words }: StoreParts = newParts(options),
): Store {
  const choices = new Map<string, Choice>();
  const { rowsMax, trustMax, formsMax, rowBytesMax } = options;
  const limits = {
    changedMax: rowsMax,
    keptMin: 0,
    keptMax: 0,
    trustMax,
    pathsMax: formsMax,
    bytesMax: rowBytesMax,
    rowsPerError: 0,
  };
  const trainer = createTrainer({
    limits,
    growing: structure.pages === null ? certain : uncertain,
    weightOf: (label) => weightOf(templates.template(label) ?? ""),
    grown: (memory) => void choices.set(memory.key, choiceOf(memory, templates)),
  });
  return {
    structure,
    remembered,
    templates,
    trainer,
    choices,
    beliefs: createBeliefs(structure, options),
    views: createViews(structure.pages ?? noPages, options),
    words,
    writer: new TokenWriter(words),
    choiceOf: (form) => choices.get(form),
  };
}

function newParts({ templateCharsMax, textsCharsMax, afterCharsMax }: TextOptions): StoreParts {
  return {
    remembered: createRemembered(textsCharsMax, afterCharsMax),
    templates: createTemplates(templateCharsMax),
    words: new Map(),
  };
}

function choiceOf({ forest }: Pick<PathMemory, "forest">, templates: Templates): Choice {
  if (forest === null) throw new Error("a choice without a forest");
  return { forest, templates: forest.labels.map((label) => templates.template(label)) };
}

/** Learns one step. What is not text, or beyond the limits, teaches nothing. */
export function learnStep(store: Store, moment: Moment, step: StepTexts, options: TextOptions): void {
  const { pages } = store.structure;
  if (pages !== null) {
    const belief = store.views.at(moment);
    const asked = readPhraseText(pages, belief, step.actionText, options);
    const next = step.nextText.length > options.textCharsMax ? null : stringOf(step.nextText);
    if (asked === null || next === null) return;
    const { action, text: actionText } = asked;
    const episode = hashText(moment.episode);
    learnPageStep(store, pages, belief, { action, actionText, episode }, { next }, options);
    return;
  }
  const action = readActionText(step.actionText, options);
  const answer = readAnswer(store.structure, step.nextText, options);
  if (action === null || answer === null) return;
  const belief = store.beliefs.at(moment);
  learnChoice(store, belief, action, answer);
  for (let at = 0; at < answer.lists.length; at++) learnList(store, belief, action, answer, at, options);
}

export interface StepTexts {
  readonly actionText: string;
  readonly nextText: string;
}

function learnChoice(store: Store, belief: Belief, action: ReadAction, { template }: ReadText): void {
  const label = store.templates.of(template);
  if (label === null) return;
  const { writer, trainer } = store;
  writeFeatures(writer, store.structure, belief, action);
  teachRow(trainer, writer, action.template, [label]);
}

function learnList(
  { structure, remembered }: Store,
  belief: Belief,
  action: ReadAction,
  { template, lists }: ReadText,
  at: number,
  { rememberedMax }: TextOptions,
): void {
  const shown = lists[at] ?? [];
  const slot = slotKey(action.template, template, at);
  const { order } = structure.listings.get(listKey(template, at)) ?? plainListing;
  for (const source of sourcesOf(structure, slot, action.args)) {
    const values = listFrom(source, slot, action.args, belief, remembered);
    if (values === null) continue;
    const hit = sameList(ordered(values, order), shown);
    countTry(remembered.sources, sourceKey(slot, sourceText(source)), hit, rememberedMax);
  }
  rememberList(remembered.constants, slot, counted(remembered.constants.get(slot) ?? [], shown), rememberedMax);
  const told = structure.tells.get(slot);
  const owner = told === undefined ? undefined : ownerOf(belief, told.owner, action.args);
  if (told === undefined || owner === undefined) return;
  const habit = habitKey(told.relation, owner);
  rememberList(remembered.habits, habit, counted(remembered.habits.get(habit) ?? [], shown), rememberedMax);
  // A list in which its owner stands is that of each of its members.
  for (const one of shown.includes(owner) ? shown : [owner])
    rememberList(remembered.places, placeKey(belief.place, told.relation, one), shown, rememberedMax);
}
