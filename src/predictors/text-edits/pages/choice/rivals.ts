/**
 * What other episodes were answered after this very text: no label of the forests, which would drown or be drowned by it, but judged apart. It is
 * said where nothing else is, and instead of what the forest of the verb chooses where it was right so much oftener when only one of the two was.
 */
import { mix } from "../../../lifted/hash.ts";
import { countTry, type Remembered, rateOf, rememberList, sourceKey, tallyOf } from "../../remembered.ts";
import { type PageBelief, shownKey } from "../belief.ts";
import { verbOf } from "../grammar.ts";
import { type Asked, rivalSource, sourceLabel } from "./sources.ts";

export interface Rival {
  readonly text: string;
  /** Of another episode of this world, or of another world. */
  readonly kind: string;
}

const rivalMark = "\u0004rival ";
const duelMark = "\u0004duel ";
/** Forests get better: of what they did long ago less counts. */
const fade = 0.98;
/** Standard deviations of a fair coin. */
const deviations = 2;
const duelsMin = 6;
const aloneMin = 4;
const aloneShare = 0.5;

/** Null where no other episode has told. */
export function rivalOf({ after }: Remembered, belief: PageBelief, { actionText, episode }: Asked): Rival | null {
  const key = shownKey(belief, actionText);
  const fellow = after.of(mix(key, belief.world), episode);
  if (fellow !== null) return { text: fellow.text, kind: `${rivalMark}fellow` };
  const other = after.of(key, belief.world);
  return other === null ? null : { text: other.text, kind: `${rivalMark}other` };
}

/** The rival, with how often it is right, where it is to be said. `isElse`: something else could be. */
export function rivalFor(
  remembered: Remembered,
  rival: Rival | null,
  { action }: Asked,
  isElse: boolean,
): { readonly text: string; readonly label: string; readonly share: number } | null {
  if (rival === null) return null;
  const verb = verbOf(action.template);
  const own = tallyOf(remembered, rival.kind, verb);
  const share = rateOf(own);
  const duels = tallyOf(remembered, duelMark + rival.kind, verb);
  const isBetter = duels.tries >= duelsMin && duels.hits - duels.tries / 2 > (deviations * Math.sqrt(duels.tries)) / 2;
  const isSaid = isElse ? isBetter : own.tries >= aloneMin && share > aloneShare;
  return isSaid ? { text: rival.text, label: sourceLabel(rivalSource), share } : null;
}

/** `isWrong`: what the forest of the verb would have said; null: there was none yet. */
export function learnRival(
  remembered: Remembered,
  belief: PageBelief,
  asked: Asked,
  body: string,
  isWrong: boolean | null,
  rememberedMax: number,
): void {
  const rival = rivalOf(remembered, belief, asked);
  const { after, sources } = remembered;
  if (rival !== null) {
    const verb = verbOf(asked.action.template);
    const isHit = rival.text === body;
    countTry(sources, sourceKey(rival.kind, verb), isHit, rememberedMax);
    if (isWrong !== null && isHit === isWrong) {
      const key = sourceKey(duelMark + rival.kind, verb);
      const { hits, tries } = tallyOf(remembered, duelMark + rival.kind, verb);
      rememberList(sources, key, { hits: fade * hits + Number(isHit), tries: fade * tries + 1 }, rememberedMax);
    }
  }
  const key = shownKey(belief, asked.actionText);
  after.note(key, body, belief.world);
  after.note(mix(key, belief.world), body, asked.episode);
}

/** What is known of the duels goes on where all is learnt anew: forests are not grown meanwhile. */
export function carryRivals(from: Remembered, to: Remembered): void {
  for (const [key, tally] of from.sources) if (key.startsWith(duelMark)) to.sources.set(key, tally);
}
