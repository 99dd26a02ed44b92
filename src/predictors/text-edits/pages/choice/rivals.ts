/**
 * What other episodes were answered after this very text, or after going the very same way: no label of the forests, which would drown or be drowned
 * by it, but judged apart. It is said where nothing else is, and instead of what the forest of the verb chooses where it was right so much oftener when
 * only one of the two was. Whether the same way leads to the same answer is a trait of the world, judged of all verbs at once.
 */
import { hashText, mix } from "../../../lifted/hash.ts";
import { countTry, type Remembered, rateOf, rememberList, sourceKey, tallyOf } from "../../remembered.ts";
import { type PageBelief, shownKey } from "../belief.ts";
import { verbOf } from "../grammar.ts";
import type { Cut } from "../text/cut.ts";
import { type Asked, rivalSource, sourceLabel, waySource } from "./sources.ts";

export interface Rival {
  readonly text: string;
  /** What the text ends with by itself; absent: nobody knows. */
  readonly tail?: string;
  /** Of another episode of this world that went the same way, of one that showed this text, or of another world. */
  readonly kind: string;
  /** By which verb it is judged. */
  readonly judge: string;
  readonly label: string;
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
const anyVerb = "";
/** Before the tail. */
const between = "\u0003";
const rivalLabel = sourceLabel(rivalSource);
const wayLabel = sourceLabel(waySource);

function wayKey({ way }: PageBelief, actionText: string): number {
  return mix(mix(way, 6), hashText(actionText));
}

/** What other episodes have told, the surest first. */
export function rivalsOf(
  { after }: Remembered,
  belief: PageBelief,
  { action, actionText, episode }: Asked,
): readonly Rival[] {
  const rivals: Rival[] = [];
  const same = after.of(wayKey(belief, actionText), episode);
  if (same !== null) {
    const [text = "", tail = ""] = same.text.split(between);
    rivals.push({ text, tail, kind: `${rivalMark}way`, judge: anyVerb, label: wayLabel });
  }
  const [judge, label] = [verbOf(action.template), rivalLabel];
  const key = shownKey(belief, actionText);
  const fellow = after.of(mix(key, belief.world), episode);
  if (fellow !== null) return [...rivals, { text: fellow.text, kind: `${rivalMark}fellow`, judge, label }];
  const other = after.of(key, belief.world);
  return other === null ? rivals : [...rivals, { text: other.text, kind: `${rivalMark}other`, judge, label }];
}

/** The first rival that is to be said, with how often it is right. `isElse`: something else could be. */
export function rivalFor(
  remembered: Remembered,
  rivals: readonly Rival[],
  isElse: boolean,
): (Rival & { readonly share: number }) | null {
  for (const rival of rivals) {
    const own = tallyOf(remembered, rival.kind, rival.judge);
    const share = rateOf(own);
    const duels = tallyOf(remembered, duelMark + rival.kind, rival.judge);
    const isBetter =
      duels.tries >= duelsMin && duels.hits - duels.tries / 2 > (deviations * Math.sqrt(duels.tries)) / 2;
    const isSaid = isElse ? isBetter : own.tries >= aloneMin && share > aloneShare;
    if (isSaid) return { ...rival, share };
  }
  return null;
}

/** `isWrong`: what the forest of the verb would have said; null: there was none yet. */
export function learnRivals(
  remembered: Remembered,
  belief: PageBelief,
  asked: Asked,
  { body, tail }: Cut,
  isWrong: boolean | null,
  rememberedMax: number,
): void {
  const { after, sources } = remembered;
  for (const { text, tail: end = tail, kind, judge } of rivalsOf(remembered, belief, asked)) {
    const isHit = text === body && end === tail;
    countTry(sources, sourceKey(kind, judge), isHit, rememberedMax);
    if (isWrong === null || isHit !== isWrong) continue;
    const { hits, tries } = tallyOf(remembered, duelMark + kind, judge);
    const duels = { hits: fade * hits + Number(isHit), tries: fade * tries + 1 };
    rememberList(sources, sourceKey(duelMark + kind, judge), duels, rememberedMax);
  }
  const key = shownKey(belief, asked.actionText);
  after.note(key, body, belief.world);
  after.note(mix(key, belief.world), body, asked.episode);
  if (!body.includes(between))
    after.note(wayKey(belief, asked.actionText), tail === "" ? body : body + between + tail, asked.episode);
}

/** What is known of the duels goes on where all is learnt anew: forests are not grown meanwhile. */
export function carryRivals(from: Remembered, to: Remembered): void {
  for (const [key, tally] of from.sources) if (key.startsWith(duelMark)) to.sources.set(key, tally);
}
