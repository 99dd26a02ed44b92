/**
 * The text before with its pieces moved on: where a verb answers with the text that was shown, changed here and there, a forest of the verb chooses
 * what becomes of each piece. It is taught where the answer was such a text; whether it is one is the choice of the verb's forest of answers.
 */
import { greatest, vote } from "../../../lifted/forest.ts";
import { hashText, mix } from "../../../lifted/hash.ts";
import { follow } from "../../../lifted/ordered-labels.ts";
import { families } from "../../../lifted/tokens.ts";
import { counted } from "../../../words.ts";
import type { Choice, Rules } from "../../engine.ts";
import { put } from "../../features.ts";
import { shownTemplate } from "../../reading.ts";
import { rememberList } from "../../remembered.ts";
import type { Store } from "../../store.ts";
import { teachRow } from "../../teach.ts";
import { TokenWriter } from "../../token-writer.ts";
import type { PageBelief } from "../belief.ts";
import type { Asked } from "../choice/sources.ts";
import { numbers } from "../events/numbers.ts";
import { verbOf } from "../grammar.ts";
import type { PageStructure } from "../structure.ts";
import type { Segment } from "../text/sentences.ts";
import { mentions, wordsAfter, wordsBefore } from "../text/words.ts";
import { type Around, becomes, goes, outcomesOf, outcomeWords, stays } from "./outcomes.ts";
import { areAlike, type Became, paired, piecesOf, rewritten, withoutValues } from "./pieces.ts";
import { learnShift, shifted, shiftIn, shiftOf } from "./shift.ts";

/** The key of the verb's forest of pieces. */
const pieceMark = "\u0004piece ";

function pieceChoice(verb: string): string {
  return pieceMark + verb;
}

export function isPieceChoice(form: string): boolean {
  return form.startsWith(pieceMark);
}

export function pieceVerb(form: string): string {
  return form.slice(pieceMark.length);
}

/** In words. */
export function shownPiece(label: string): string {
  return `a sentence of the text before ${outcomeWords(label)}`;
}

export interface Moved {
  readonly text: string;
  readonly pieces: readonly MovedPiece[];
  /** How sure all outcomes are. */
  readonly share: number;
  /** What stood where a word has gone (shift.ts). */
  readonly onto: string | null;
}

export interface MovedPiece extends Became {
  readonly outcome: string;
}

/** More of the texts around are not told. */
const othersMax = 12;
const valuesMax = 4;
const rowsNew = 24;
let shares = new Float64Array(64);

function aroundOf({ base, told, seen }: PageBelief, { action }: Asked): Around {
  return { args: action.args, told, text: base, seen };
}

export function isMoving(pages: PageStructure, { action }: Asked): boolean {
  return pages.moving.has(verbOf(action.template));
}

const ownWriter = new TokenWriter(null);

/** Null where nothing of the text before is thought to move. */
export function movedFor(rules: Rules, belief: PageBelief, asked: Asked): Moved | null {
  const choice = rules.choiceOf(pieceChoice(verbOf(asked.action.template)));
  const old = choice === undefined ? null : piecesOf(belief.base);
  if (choice === undefined || old === null) return null;
  const { pieces, onto } = shifted(old, shiftOf(rules.remembered, asked.actionText));
  if (shares.length < choice.templates.length) shares = new Float64Array(2 * choice.templates.length);
  const around = aroundOf(belief, asked);
  const moved: MovedPiece[] = [];
  let share = 1;
  for (let at = 0; at < pieces.length; at++) {
    const piece = pieces[at];
    if (piece === undefined) continue;
    writePieceFeatures(ownWriter, pieces, at, asked, onto);
    const best = bestOf(choice, piece.text, around, ownWriter);
    if (best === null) return null;
    moved.push({ piece, now: best.text === "" ? null : best.text, outcome: best.outcome });
    share *= best.share;
  }
  const text = rewritten(moved);
  return text === belief.text || text === "" ? null : { text, pieces: moved, share, onto };
}

interface Best {
  readonly outcome: string;
  readonly text: string;
  readonly share: number;
}

/** The likeliest that can be said of the piece; null: nothing can. */
function bestOf(
  { forest, templates, ordered }: Choice,
  piece: string,
  around: Around,
  writer: TokenWriter,
): Best | null {
  const sets = [writer.set];
  vote(forest, sets, shares);
  const first = follow(ordered, sets, shares);
  for (let tried = 0; tried < templates.length + first.length; tried++) {
    const at = first[tried] ?? greatest(shares, templates.length);
    const share = shares[at] ?? -1;
    if (share < 0) return null;
    const outcome = templates[at] ?? null;
    const text = outcome === null ? null : becomes(outcome, piece, around);
    if (outcome !== null && text !== null) return { outcome, text, share: Math.min(1, share) };
    shares[at] = -1;
  }
  return null;
}

function writePieceFeatures(
  writer: TokenWriter,
  pieces: readonly Segment[],
  at: number,
  { action }: Asked,
  onto: string | null,
): void {
  writer.begin();
  const piece = pieces[at]?.text ?? "";
  const { args, template } = action;
  put(writer, families.action, 601, hashText(template), () => `the action is ${shownTemplate(template)}`);
  for (const [place, arg] of args.entries()) {
    put(writer, families.name, mix(602, place), hashText(arg), () => `<${place}> is "${arg}"`);
    const isNamed = Number(mentions(piece, arg));
    put(
      writer,
      families.relation,
      mix(603, place),
      isNamed,
      () => `it ${isNamed ? "names" : "does not name"} <${place}>`,
    );
  }
  writeOnto(writer, onto);
  const words = withoutValues(piece);
  put(writer, families.self, 604, hashText(words), () => `it is like "${words}"`);
  put(writer, families.name, 605, hashText(piece), () => `it is "${piece}"`);
  const head = headOf(piece);
  put(writer, families.addressed, 606, hashText(head), () => `it begins with "${head}"`);
  const end = wordsBefore(words, words.length, 2);
  put(writer, families.addressed, 607, hashText(end), () => `it ends with "${end}"`);
  const fellows = pieces.filter(({ text }) => headOf(text) === head).length;
  put(
    writer,
    families.relation,
    608,
    Math.min(2, fellows),
    () => `${counted(fellows, "sentence", 2)} begin${fellows === 1 ? "s" : ""} so`,
  );
  put(writer, families.relation, 609, Number(at === 0), () => `it is ${at === 0 ? "" : "not "}the first`);
  put(
    writer,
    families.relation,
    610,
    Number(at === pieces.length - 1),
    () => `it is ${at === pieces.length - 1 ? "" : "not "}the last`,
  );
  writeValues(writer, piece, 620, "its number");
  for (const [place, side] of [
    [at - 1, "before"],
    [at + 1, "behind"],
  ] as const) {
    const other = headOf(pieces[place]?.text ?? "");
    put(writer, families.parent, mix(611, place - at), hashText(other), () => `"${other}" begins the one ${side} it`);
  }
  let left = othersMax;
  for (const [place, { text }] of pieces.entries()) {
    if (place === at || left-- <= 0) continue;
    put(writer, families.global, 612, hashText(text), () => `another is "${text}"`);
    writeValues(writer, text, 630, "a number of another");
  }
}

function writeOnto(writer: TokenWriter, onto: string | null): void {
  put(writer, families.relation, 613, hashText(onto ?? "\0"), () =>
    onto === null ? "no word goes elsewhere" : `a word goes where "${onto}" stood`,
  );
}

function headOf(piece: string): string {
  return wordsAfter(withoutValues(piece), 0, 2);
}

/** Its numbers, by the words around them. */
function writeValues(writer: TokenWriter, piece: string, kind: number, what: string): void {
  let left = valuesMax;
  for (const found of piece.matchAll(numbers)) {
    if (left-- <= 0) return;
    const [value] = found;
    const before = wordsBefore(piece, found.index, 1);
    const behind = wordsAfter(withoutValues(piece.slice(found.index + value.length)), 0, 2);
    put(
      writer,
      families.relation,
      mix(kind, hashText(behind)),
      hashText(value),
      () => `${what} before "${behind}" is ${value}`,
    );
    put(
      writer,
      families.addressed,
      mix(mix(kind, 1), hashText(before)),
      mix(hashText(behind), hashText(value)),
      () => `${what} between "${before}" and "${behind}" is ${value}`,
    );
  }
}

/** What the choice of answers may ask of the text before, and of what it would become. */
export function writeMovedFeatures(writer: TokenWriter, belief: PageBelief, moved: Moved | null): void {
  let left = othersMax;
  for (const { text } of piecesOf(belief.base) ?? []) {
    if (left-- <= 0) break;
    put(writer, families.parent, 640, hashText(text), () => `the text before says "${text}"`);
    writeValues(writer, text, 641, "in the text before, the number");
  }
  writeOnto(writer, moved?.onto ?? null);
  const sureness = moved === null ? 0 : 1 + Math.floor(4 * Math.min(0.99, moved.share));
  put(
    writer,
    families.self,
    642,
    sureness,
    () => `what the text before becomes is ${sureness === 0 ? "not known" : `sure to ${sureness} of 4`}`,
  );
}

/** Teaches what became of the pieces. True where the answer is the text before, moved in ways that were seen. */
export function learnMoved(
  store: Store,
  belief: PageBelief,
  asked: Asked,
  body: string,
  rememberedMax: number,
): boolean {
  const isBack = body === belief.base && body !== belief.text;
  if (!isBack && !areAlike(belief.base, body)) return false;
  const { writer, trainer, templates, remembered } = store;
  const old = piecesOf(belief.base) ?? [];
  const shift = shiftIn(paired(old, body) ?? []);
  if (shift !== null) learnShift(remembered, asked.actionText, shift, rememberedMax);
  const { pieces, onto } = shifted(old, shiftOf(remembered, asked.actionText));
  const became = paired(pieces, body);
  if (became === null) return false;
  const key = pieceChoice(verbOf(asked.action.template));
  const isNew = (trainer.paths.get(key)?.rows.seen ?? 0) < rowsNew;
  const around = aroundOf(belief, asked);
  let isKnown = true;
  for (const [at, { piece, now }] of became.entries()) {
    const labels: number[] = [];
    for (const outcome of outcomesOf(piece.text, now, around)) {
      const hash = mix(hashText(outcome), hashText(key));
      const isSure = outcome === stays || outcome === goes || isNew || remembered.once.has(hash);
      const label = isSure ? templates.of(outcome) : null;
      if (label !== null) labels.push(label);
      rememberList(remembered.once, hash, true, rememberedMax);
    }
    isKnown &&= labels.length > 0;
    writePieceFeatures(writer, pieces, at, asked, onto);
    teachRow(trainer, writer, key, labels);
  }
  return isKnown;
}
