/** What became of each line and sentence of a text in the text that came after it. */
import { numbers } from "../events/numbers.ts";
import { type Segment, segmentsOf } from "../text/sentences.ts";

export interface Became {
  readonly piece: Segment;
  /** What stands there now, one or several; null: it has gone. */
  readonly now: string | null;
}

/** Longer texts, and texts of more pieces, are not compared. */
const textCharsMax = 4_000;
const piecesMax = 48;
/** Of the pieces of the later text, so many were there before, but for their numbers. */
const alikeShare = 0.5;
const alikeMin = 2;
/** What it is worth that a piece is the same, or the same but for its numbers: the less these differ the more. */
const [sameWorth, likeWorth, nearWorth] = [4, 2, 1];
const nearMax = 8;

/** The text cut into pieces; null: it is too long. */
export function piecesOf(text: string): readonly Segment[] | null {
  if (text.length > textCharsMax) return null;
  const pieces = segmentsOf(text);
  return pieces.length > piecesMax ? null : pieces;
}

export function withoutValues(piece: string): string {
  return piece.replace(numbers, "#");
}

export function valuesIn(piece: string): readonly number[] {
  return (piece.match(numbers) ?? []).map(Number);
}

/** The later text is the one before with some of its pieces changed. */
export function areAlike(before: string, after: string): boolean {
  const [old, now] = [piecesOf(before), piecesOf(after)];
  if (old === null || now === null || now.length < alikeMin || old.length < alikeMin || before === after) return false;
  const left = new Map<string, number>();
  for (const { text } of old) {
    const words = withoutValues(text);
    left.set(words, (left.get(words) ?? 0) + 1);
  }
  let alike = 0;
  for (const { text } of now) {
    const words = withoutValues(text);
    const count = left.get(words) ?? 0;
    if (count > 0) alike += 1;
    left.set(words, count - 1);
  }
  return alike >= alikeShare * now.length;
}

/** Null where the pieces do not give the text. */
export function paired(old: readonly Segment[], after: string): readonly Became[] | null {
  const now = piecesOf(after);
  if (now === null) return null;
  const partners = partnersOf(old, now);
  const became: { readonly piece: Segment; now: Segment[] }[] = old.map((piece) => ({ piece, now: [] }));
  let next = 0;
  for (let at = 0; at < old.length; ) {
    // A gap: pieces without a partner, and what came before the next partner.
    let end = at;
    while (end < old.length && partners[end] === undefined) end += 1;
    const to = partners[end] ?? now.length;
    let own = at;
    for (; next < to; next++) {
      const one = now[next];
      const place = own < end ? own++ : Math.min(end, old.length) - 1;
      // What comes where nothing has gone stands behind the piece before; before the first piece it stands with it.
      if (one !== undefined) became[place < 0 ? 0 : place]?.now.push(one);
    }
    const partner = now[to];
    if (end < old.length && partner !== undefined) {
      became[end]?.now.push(partner);
      next = to + 1;
    }
    at = end + 1;
  }
  for (; next < now.length; next++) {
    const one = now[next];
    if (one !== undefined) became.at(-1)?.now.push(one);
  }
  const result = became.map(({ piece, now: its }) => ({ piece, now: its.length === 0 ? null : textOf(its) }));
  return rewritten(result) === after ? result : null;
}

function textOf([first, ...more]: readonly Segment[]): string {
  return (first?.text ?? "") + more.map(({ separator, text }) => separator + text).join("");
}

/** The text that the pieces have become. */
export function rewritten(all: readonly Became[]): string {
  let text = "";
  let isFirst = true;
  for (const { piece, now } of all) {
    if (now === null) continue;
    text += (isFirst ? "" : piece.separator) + now;
    isFirst = false;
  }
  return text;
}

/** Of each old piece the new one that is the same, but for numbers; in the same order, so that most is matched. */
function partnersOf(old: readonly Segment[], now: readonly Segment[]): readonly (number | undefined)[] {
  const [before, after] = [old, now].map((all) =>
    all.map(({ text }) => ({ text, words: withoutValues(text), values: valuesIn(text) })),
  );
  const width = now.length + 1;
  const worth = new Float64Array((old.length + 1) * width);
  const worthAt = (a: number, b: number) => worth[a * width + b] ?? 0;
  const pair = (a: number, b: number) => {
    const [x, y] = [before?.[a], after?.[b]];
    if (x === undefined || y === undefined || x.words !== y.words) return 0;
    if (x.text === y.text) return sameWorth;
    const apart = x.values.reduce((sum, value, at) => sum + Math.abs(value - (y.values[at] ?? 0)), 0);
    return likeWorth - (nearWorth * Math.min(nearMax, apart)) / nearMax;
  };
  for (let a = old.length - 1; a >= 0; a--)
    for (let b = now.length - 1; b >= 0; b--) {
      const its = pair(a, b);
      const both = its === 0 ? 0 : its + worthAt(a + 1, b + 1);
      worth[a * width + b] = Math.max(both, worthAt(a + 1, b), worthAt(a, b + 1));
    }
  const partners: (number | undefined)[] = old.map(() => undefined);
  for (let a = 0, b = 0; a < old.length && b < now.length; ) {
    const its = pair(a, b);
    if (its > 0 && its + worthAt(a + 1, b + 1) >= worthAt(a, b)) partners[a++] = b++;
    else if (worthAt(a + 1, b) >= worthAt(a, b + 1)) a += 1;
    else b += 1;
  }
  return partners;
}
