/** Texts with what an action or the context names taken out, so that what is said of one thing can be said of another; and put back. */
import { hole, holes, type Values } from "../../reading.ts";
import { sentencesAsking } from "./closings.ts";
import { replaced, replacedBy, timesIn } from "./words.ts";

/** A string of the context, or a line of one. */
export interface Told {
  readonly name: string;
  readonly text: string;
  /** In lower case, without closings. */
  readonly sentences: readonly string[];
}

/** The lines of a longer string are told one by one, too. */
export function toldOf(name: string, raw: string, closings: ReadonlySet<string> = noClosings): readonly Told[] {
  const text = raw.trim();
  const lines = text.split("\n", toldLinesMax);
  const whole: Told = { name, text, sentences: sentencesAsking(text, closings) };
  return lines.length < 2
    ? [whole]
    : [whole, ...lines.map((line, at) => ({ name: `${name} ${at}`, text: line, sentences: [] }))];
}

const noClosings: ReadonlySet<string> = new Set();
const toldLinesMax = 16;
/** Shorter strings of a context stand in many texts by chance. */
const toldCharsMin = 8;
const argumentCharsMin = 2;

/** Marks holes for strings of the context apart from those for arguments. */
const toldMark = "told ";

/** What a hole for a string is marked with. */
export function toldHole(name: string): string {
  return `${toldMark}${name}`;
}

export function liftTold(text: string, told: readonly Told[]): string {
  let lifted = text;
  for (const { name, text: string } of told)
    if (string.length >= toldCharsMin) lifted = lifted.replaceAll(string, hole(toldHole(name)));
  return lifted;
}

/** The longest argument first: "red box" before "box". */
export function lift(text: string, args: Values, told: readonly Told[], beside: readonly Told[] = []): string {
  let lifted = liftTold(text, told);
  for (const { name, text: field } of beside) lifted = replaced(lifted, field, hole(toldHole(name)));
  if (!args.some((arg) => arg.length >= argumentCharsMin && lifted.includes(arg))) return lifted;
  const places = args.map((_, at) => at).sort((a, b) => (args[b] ?? "").length - (args[a] ?? "").length || a - b);
  for (const at of places) {
    const arg = args[at] ?? "";
    if (arg.length < argumentCharsMin) continue;
    const same = places.filter((place) => args[place] === arg);
    if (same[0] === at) lifted = inTurn(lifted, arg, same);
  }
  return lifted;
}

/** Things of one name are named in their order; what is named more often than there are such things is the first. */
function inTurn(text: string, name: string, places: readonly number[]): string {
  const more = places.length < 2 ? 0 : timesIn(text, name) - places.length;
  let time = 0;
  return replacedBy(text, name, () => {
    const which = Math.max(0, time - Math.max(0, more));
    time += 1;
    return hole(String(places[Math.min(which, places.length - 1)] ?? 0));
  });
}

const argumentHoles = new RegExp(`${hole("").slice(0, 1)}(\\d+)${hole("").slice(1)}`, "g");

/** Arguments alone put back; what is not there leaves nothing. */
export function putBack(lifted: string, args: Values): string {
  return lifted.replace(argumentHoles, (_, at: string) => args[Number(at)] ?? "");
}

/** For a list, whatever it shows. */
export const listHole = hole("list");

/** There is nothing to fill in. */
export function isFilled(template: string): boolean {
  return !template.includes("\u0001");
}

/** Null where a hole cannot be filled. */
export function fillIn(template: string, args: readonly (string | null)[], told: readonly Told[]): string | null {
  if (isFilled(template)) return template;
  // Every second piece is a hole.
  const pieces = template.split(holes);
  let text = pieces[0] ?? "";
  for (let at = 1; at < pieces.length; at += 2) {
    const style = pieces[at] ?? "";
    const found = style.startsWith(toldMark) ? toldAs(style.slice(toldMark.length), told) : args[Number(style)];
    if (found === undefined || found === null) return null;
    text += found + (pieces[at + 1] ?? "");
  }
  return text;
}

function toldAs(name: string, told: readonly Told[]): string | undefined {
  for (const one of told) if (one.name === name) return one.text;
  return undefined;
}

export interface Part {
  readonly text: string;
  /** Filled into the template; null: words of the template. */
  readonly hole: { readonly told: string } | { readonly argument: number } | null;
}

/** The parts of a template, filled as `fillIn` does; what cannot be filled is empty. */
export function partsIn(template: string, args: readonly (string | null)[], told: readonly Told[]): readonly Part[] {
  return template.split(holes).map((piece, at): Part => {
    if (at % 2 === 0) return { text: piece, hole: null };
    if (!piece.startsWith(toldMark)) return { text: args[Number(piece)] ?? "", hole: { argument: Number(piece) } };
    const name = piece.slice(toldMark.length);
    return { text: told.find((one) => one.name === name)?.text ?? "", hole: { told: name } };
  });
}
