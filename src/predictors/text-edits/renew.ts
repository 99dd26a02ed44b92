/**
 * Looks at all kept steps and decides the structure anew, in slices. Where it is another than before, a store is built under it from the kept
 * steps, those too that come meanwhile. Yields what was done, in steps; returns the store to go on with.
 */
import { factsWithin, readActionText, readAnswer, stringOf } from "./beliefs.ts";
import { type Episodes, type KeptEpisode, momentOf, textsOf } from "./episodes.ts";
import type { TextOptions } from "./options.ts";
import { carryRivals } from "./pages/choice/rivals.ts";
import { type RawEpisode, studyPages } from "./pages/study/study.ts";
import { readAction } from "./reading.ts";
import { createStore, learnStep, type Store } from "./store.ts";
import { noStructure, type Structure, writeStructure } from "./structure.ts";
import type { StudiedEpisode, StudiedStep, Walk } from "./study/episode.ts";
import { study } from "./study/study.ts";

/** Growing a forest for a slice takes as long as looking at so many steps. */
const growSteps = 8;

export function* renewed(store: Store, episodes: Episodes, options: TextOptions): Walk<Store> {
  const structure = yield* decided(episodes, options);
  if (isSame(structure, store.structure)) return store;
  const next = createStore(structure, options);
  carryRivals(store.remembered, next.remembered);
  let number = episodes.from;
  while (number < episodes.to || !next.trainer.idle) {
    number = Math.max(number, episodes.from);
    const place = episodes.at(number);
    if (number < episodes.to) {
      number += 1;
      if (place !== null) learnStep(next, momentOf(place), textsOf(place), options);
      yield 2;
    } else {
      next.trainer.work(options.growBudget);
      yield growSteps;
    }
  }
  return next;
}

function* decided(episodes: Episodes, options: TextOptions): Walk<Structure> {
  const all = episodes.all();
  if (!areNumbered(all)) {
    const raw: RawEpisode[] = [];
    for (const episode of all) {
      raw.push(rawOf(episode, options));
      yield episode.steps.length;
    }
    return { ...noStructure, pages: yield* studyPages(raw) };
  }
  const studied: StudiedEpisode[] = [];
  for (const episode of all) {
    studied.push(readEpisode(episode, options));
    yield episode.steps.length;
  }
  return yield* study(studied, options);
}

/** Of the actions that name anything, so many end with a word and a number where things are named so; before a word a number is an amount. */
const numberedShare = 0.5;

function areNumbered(episodes: readonly KeptEpisode[]): boolean {
  let [named, numbered] = [0, 0];
  for (const { steps } of episodes)
    for (const { actionText } of steps) {
      const text = stringOf(actionText) ?? actionText;
      if (!/\S[\s[(]+\S/.test(text)) continue;
      named += 1;
      numbered += Number(text.trimEnd().endsWith(readAction(text)?.args.at(-1) ?? "\0"));
    }
  return numbered > 0 && numbered >= numberedShare * named;
}

function rawOf({ steps, nextText, context, contextText }: KeptEpisode, options: TextOptions): RawEpisode {
  const { textCharsMax, contextCharsMax } = options;
  const textAt = (at: number) => {
    const json = steps[at]?.stateText ?? nextText;
    return json.length > textCharsMax ? "" : (stringOf(json) ?? "").trim();
  };
  return {
    context: (contextText?.length ?? 0) > contextCharsMax ? null : context,
    first: textAt(0),
    steps: steps.map(({ actionText }, at) => ({
      action: (stringOf(actionText) ?? actionText).trim(),
      text: textAt(at + 1),
    })),
  };
}

function isSame(a: Structure, b: Structure): boolean {
  return JSON.stringify(writeStructure(a)) === JSON.stringify(writeStructure(b));
}

function readEpisode(
  { steps, nextText, context, contextText, from }: KeptEpisode,
  options: TextOptions,
): StudiedEpisode {
  const read: StudiedStep[] = [];
  for (const [at, { actionText }] of steps.entries()) {
    const action = readActionText(actionText, options);
    const text = readAnswer(noStructure, steps[at + 1]?.stateText ?? nextText, options);
    if (action !== null && text !== null) read.push({ action, text });
  }
  const first = from === 0 ? stringOf(steps[0]?.stateText ?? "null") : null;
  return { facts: factsWithin({ context, contextText }, options), first, steps: read };
}
