/** Latent relations that show the same of one owner at consecutive sights are one. */
import { beginBelief, nameArguments, ownerOf } from "../belief.ts";
import type { Values } from "../reading.ts";
import { type Source, slotKey, type Tells } from "../structure.ts";
import { likeness, type StudiedEpisode, type Walk } from "./episode.ts";
import type { Sources } from "./sources.ts";

const sightsMin = 3;
const likenessMin = 0.6;

export function* mergeLatents(
  episodes: readonly StudiedEpisode[],
  { sources, tells }: Sources,
  isLatent: (relation: string) => boolean,
): Walk<Sources> {
  const agreements = new Map<string, { readonly pair: readonly [string, string]; tries: number; likeness: number }>();
  for (const { facts, first, steps } of episodes) {
    const belief = beginBelief(facts, first);
    const before = new Map<string, { readonly relation: string; readonly values: Values }>();
    for (const { action, text } of steps) {
      for (const [at, values] of text.lists.entries()) {
        const told = tells.get(slotKey(action.template, text.template, at));
        const owner =
          told === undefined || !isLatent(told.relation) ? undefined : ownerOf(belief, told.owner, action.args);
        if (told === undefined || owner === undefined) continue;
        const earlier = before.get(owner);
        if (earlier !== undefined && earlier.relation !== told.relation && values.length + earlier.values.length > 0) {
          const pair = [earlier.relation, told.relation].sort();
          const key = pair.join("\u0003");
          const own = agreements.get(key) ?? { pair: [pair[0] ?? "", pair[1] ?? ""], tries: 0, likeness: 0 };
          agreements.set(key, own);
          own.tries += 1;
          own.likeness += likeness(values, earlier.values);
        }
        before.set(owner, { relation: told.relation, values });
      }
      nameArguments(belief, action);
    }
    yield steps.length;
  }
  const parents = new Map<string, string>();
  const rootOf = (relation: string): string => {
    const parent = parents.get(relation);
    return parent === undefined ? relation : rootOf(parent);
  };
  const byTries = [...agreements.values()].sort(
    (a, b) => b.tries - a.tries || (a.pair.join() < b.pair.join() ? -1 : 1),
  );
  for (const { pair, tries, likeness: sum } of byTries) {
    const [a, b] = [rootOf(pair[0]), rootOf(pair[1])];
    if (tries >= sightsMin && sum / tries > likenessMin && a !== b) parents.set(b, a);
  }
  if (parents.size === 0) return { sources, tells };
  const renamed = (one: Source): Source =>
    one.from === "owner" || one.from === "constant" ? one : { ...one, relation: rootOf(one.relation) };
  return {
    sources: new Map([...sources].map(([key, list]) => [key, list.map(renamed)])),
    tells: new Map(
      [...tells].map(([key, told]): [string, Tells] => [key, { ...told, relation: rootOf(told.relation) }]),
    ),
  };
}
