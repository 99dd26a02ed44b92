/**
 * Texts as templates. A mention is a word and a number ("desk 1"). An action becomes its text with the mentions taken out as arguments; an
 * observation its text with runs of mentions ("a pen 2, a pen 1, and a mug 1") taken out as lists. English articles and joiners are given.
 */

/** In templates a hole stands between these; texts that hold them are not read. */
const open = "\u0001";
const close = "\u0002";
const mention = String.raw`(?<![\p{L}\p{M}\p{N}])[\p{L}\p{M}]+ \d+(?![\p{L}\p{M}\p{N}])`;
const mentions = new RegExp(mention, "gu");
const runs = new RegExp(
  String.raw`(?<![\p{L}\p{M}\p{N}])(?:(an?) )?${mention}(?:(?:, and |, | and )(?:an? )?${mention})*`,
  "gu",
);
const lastJoin = /(, and |, | and )(?:an? )?[\p{L}\p{M}]+ \d+$/u;

export type Values = readonly string[];

export interface ReadAction {
  readonly template: string;
  readonly args: Values;
}

export interface ReadText {
  readonly template: string;
  readonly lists: readonly Values[];
  /** What stood before the last of each list; empty where it has one only. */
  readonly joins: readonly string[];
}

/** Null where the text holds the characters that mark holes. */
export function readAction(text: string): ReadAction | null {
  if (isMarked(text)) return null;
  const args: string[] = [];
  const template = text.trim().replace(mentions, (found) => {
    const known = args.indexOf(found);
    return hole(String(known >= 0 ? known : args.push(found) - 1));
  });
  return { template, args };
}

export function readText(text: string, listCharsMax = Number.POSITIVE_INFINITY): ReadText | null {
  if (isMarked(text)) return null;
  if (text.length > listCharsMax) return { template: text.trim(), lists: [], joins: [] };
  const lists: Values[] = [];
  const joins: string[] = [];
  const template = text.trim().replace(runs, (found, article: string | undefined) => {
    lists.push(found.match(mentions) ?? []);
    joins.push(lastJoin.exec(found)?.[1] ?? "");
    return hole(article ?? "");
  });
  return { template, lists, joins };
}

export function isMarked(text: string): boolean {
  return text.includes(open) || text.includes(close);
}

export function hole(style: string): string {
  return `${open}${style}${close}`;
}

export interface Pieces {
  /** One more than there are holes. */
  readonly texts: readonly string[];
  /** What each hole is marked with: the article of a list, the number of an argument. */
  readonly styles: readonly string[];
}

/** A text split by it has the holes' styles between its pieces: every second part. */
export const holes = new RegExp(`${open}([^${close}]*)${close}`, "u");

export function piecesOf(template: string): Pieces {
  const parts = template.split(holes);
  return { texts: parts.filter((_, at) => at % 2 === 0), styles: parts.filter((_, at) => at % 2 === 1) };
}

/** For people: `take <0> from <1>`, `You see <a …>.` */
export function shownTemplate(template: string): string {
  const { texts, styles } = piecesOf(template);
  return texts.map((text, at) => `${at === 0 ? "" : shownHole(styles[at - 1] ?? "")}${text}`).join("");
}

function shownHole(style: string): string {
  const [, what, which] = /^(told|item) (.*)$/s.exec(style) ?? [];
  if (which !== undefined) return what === "told" ? `<${which}>` : `<${which}, as listed>`;
  return /^\d*$/.test(style) && style !== "" ? `<${style}>` : `<${style === "" ? "" : `${style} `}…>`;
}

/** The type and the number of a mention. */
export function typeOf(one: string): string {
  return one.slice(0, one.lastIndexOf(" "));
}

export function numberOf(one: string): number {
  return Number(one.slice(one.lastIndexOf(" ") + 1));
}
