/** Decides the structure from episodes, in slices: a walk that says after each episode how many steps it has looked at. */

import { withEmpty } from "../beliefs.ts";
import type { TextOptions } from "../options.ts";
import type { ReadText } from "../reading.ts";
import { noStructure, type Structure } from "../structure.ts";
import { effectsOf } from "./effects.ts";
import { emptiesOf } from "./empties.ts";
import type { StudiedEpisode, Walk } from "./episode.ts";
import { mergeLatents } from "./latents.ts";
import { listingsOf } from "./listings.ts";
import { createBounded } from "./names.ts";
import { sourcesOf } from "./sources.ts";

export function* study(raw: readonly StudiedEpisode[], options: TextOptions): Walk<Structure> {
  const templates = new Map<string, number>();
  const relations = createBounded(options.relationsMax);
  const attributes = createBounded(options.relationsMax);
  for (const { facts, steps } of raw) {
    for (const { text } of steps) templates.set(text.template, (templates.get(text.template) ?? 0) + 1);
    for (const name of facts.relations.keys()) relations.add(name);
    for (const name of facts.attributes.keys()) attributes.add(name);
    yield steps.length;
  }
  const { empties, words: emptyWords } = emptiesOf(templates);
  const often = new Map<string, number>();
  for (const [template, count] of templates) {
    const full = empties.get(template)?.template ?? template;
    often.set(full, (often.get(full) ?? 0) + count);
  }
  const isRare = ({ template }: ReadText) => (often.get(template) ?? 0) < seenMin;
  const episodes: StudiedEpisode[] = [];
  for (const episode of raw) {
    const steps = episode.steps.map(({ action, text }) => {
      const read = withEmpty({ ...noStructure, empties }, text);
      return { action, text: isRare(read) ? withoutLists(read) : read };
    });
    episodes.push({ ...episode, steps });
    yield steps.length;
  }
  const listings = yield* listingsOf(episodes);
  const found = yield* sourcesOf(episodes);
  const { sources, tells } = yield* mergeLatents(episodes, found, (relation) => !relations.has(relation));
  for (const { relation } of tells.values()) relations.add(relation);
  const structure: Structure = {
    empties,
    emptyWords,
    listings,
    sources,
    tells,
    effects: new Map(),
    relations: relations.all(),
    attributes: attributes.all(),
    pages: null,
  };
  const effects = yield* effectsOf(episodes, structure);
  return { ...structure, effects };
}

/** Of texts that were seen seldom nothing is decided: in a world of long pages nearly every page is one. */
const seenMin = 3;

function withoutLists({ template }: ReadText): ReadText {
  return { template, lists: [], joins: [] };
}
