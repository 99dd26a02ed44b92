/**
 * The things that a text shows, as a tree: a line or sentence shows one, lists show one an item, and what stands behind a colon or in a bracket
 * that begins with a participle ("containing …") is held by what stands before. English articles, relative words and "nothing" are given.
 */
import { replaced } from "./words.ts";

export interface Node {
  /** Without its article. */
  readonly name: string;
  readonly lower: string;
  /** All that is said of it but for what it holds, its name taken out. */
  readonly head: string;
  /** The same with its name, and the names of what holds it and of what it holds; in lower case. */
  readonly whole: string;
  readonly parent: Node | null;
  /** How many of its name stand before it in the same. */
  readonly nth: number;
  readonly kids: readonly Node[];
  /** Whether the text says what it holds. */
  readonly holds: boolean;
  /** As the text shows it, with what it holds. */
  readonly text: string;
  /** The same up to what it holds. */
  readonly opening: string;
  /** Where that text begins, and where what it holds does (−1: it holds nothing). */
  readonly start: number;
  readonly inside: number;
}

/** Stands for the name in a head. */
const nameMark = "…";
/** Longer parts of a text are no things, outside of prose those with an article longer ones; and of longer texts the beginning counts. */
const [nameWordsMax, articleWordsMax] = [6, 12];
const headCharsMax = 240;
const indentMax = 9;
const textCharsMax = 20_000;
const depthMax = 8;

const borders = /\n\s*|, |: | \(|\)|\. /g;
const articles = /^(?:an?|the|some) (?:\w+ called )?/i;
/** What stands behind a comma goes on about the thing before it. */
export const goesOn = /^(?:which|that|with|and|\w+ly)\b/;
const participle = /^(\w+ing) /;
/** A bracket that is no remark is of the name: "book (Hamlet)". */
const nameEnds = /[.,:;]| \((?:that|which|\w+ing)\b|(?<=\)) /;
const trailing = /[.\s]+$/;
const nothing = /^nothing\W*$/;

interface Draft {
  raw: string;
  readonly start: number;
  end: number;
  /** Where what it holds begins. */
  inside: number;
  readonly parent: Draft | null;
  readonly kids: Draft[];
  holds: boolean;
}

interface Read {
  readonly text: string;
  /** Characters of the title. */
  readonly title: number;
}

interface Level {
  readonly parent: Draft | null;
  current: Draft;
  readonly inBracket: boolean;
}

/** In the order of the text. `titleEnd`: where its title ends; null: the first of several lines is its title. */
export function nodesOf(whole: string, titleEnd: number | null = null): readonly Node[] {
  const title = titleEnd ?? whole.indexOf("\n") + 1;
  const text = whole.slice(title, textCharsMax);
  const top: Draft[] = [];
  const draft = (parent: Draft | null, start: number): Draft => {
    const made: Draft = { raw: "", start, end: text.length, inside: -1, parent, kids: [], holds: false };
    (parent?.kids ?? top).push(made);
    return made;
  };
  let levels: Level[] = [{ parent: null, current: draft(null, 0), inBracket: false }];
  let from = 0;
  const open = (to: number, inBracket: boolean) => {
    const { current } = levels.at(-1) as Level;
    current.holds = true;
    if (current.inside < 0) current.inside = to;
    if (levels.length < depthMax) levels.push({ parent: current, current: draft(current, to), inBracket });
    from = to;
  };
  borders.lastIndex = 0;
  for (let found = borders.exec(text); found !== null; found = borders.exec(text)) {
    const level = levels.at(-1) as Level;
    const [border] = found;
    const end = found.index + border.length;
    if (found.index < from) continue;
    level.current.raw += text.slice(from, found.index);
    from = found.index;
    if (border.startsWith("\n")) {
      close(levels, 0, found.index);
      levels = [{ parent: null, current: draft(null, end), inBracket: false }];
      from = end;
    } else if (border === ", ") {
      if (!goesOn.test(text.slice(end, end + 12))) {
        close(levels, levels.length - 1, found.index);
        level.current = draft(level.parent, end);
        from = end;
      }
    } else if (border === ": ") {
      if (text[end] !== "\n") {
        level.current.raw += ":";
        open(end, false);
      }
    } else if (border === " (") {
      const held = participle.exec(text.slice(end, end + 24));
      const close = text.indexOf(")", end);
      if (held !== null) {
        level.current.raw += ` (${held[1]}`;
        open(end + held[0].length, true);
      } else if (close >= 0) {
        level.current.raw += text.slice(from, close + 1);
        from = close + 1;
      }
    } else if (border === ")") {
      const bracket = levels.findLastIndex(({ inBracket }) => inBracket);
      if (bracket >= 1) {
        close(levels, bracket, found.index);
        levels = levels.slice(0, bracket);
        from = end;
      }
    } else if (!goesOnAbout(nameOf(level.current.raw), text.slice(end, end + headCharsMax))) {
      close(levels, levels.length - 1, found.index + 1);
      level.current = draft(level.parent, end);
      from = end;
    }
  }
  (levels.at(-1) as Level).current.raw += text.slice(from);
  const nodes: Node[] = [];
  const siblings = new Map<string, number>();
  for (const one of top) finish({ text, title }, one, null, nodes, siblings);
  return nodes;
}

/** What is open from this level on ends. */
function close(levels: readonly Level[], from: number, end: number): void {
  for (const { current } of levels.slice(from)) current.end = end;
}

/** The next sentence speaks of the same thing. */
function goesOnAbout(name: string, rest: string): boolean {
  const end = rest.search(/[.\n]/);
  return name !== "" && (end < 0 ? rest : rest.slice(0, end)).includes(name);
}

function nameOf(raw: string): string {
  const end = raw.search(nameEnds);
  return (end < 0 ? raw : raw.slice(0, end)).trim().replace(articles, "");
}

/** What begins there is the first of a line that is indented. */
function isIndented(text: string, start: number): boolean {
  if (start === 0) return /^[\t ]/.test(text);
  return /\n[\t ]+$/.test(text.slice(Math.max(0, start - indentMax), start));
}

/** `siblings`: how many of each name there are so far in the same. */
function finish(
  read: Read,
  draft: Draft,
  parent: Node | null,
  nodes: Node[],
  siblings: Map<string, number>,
): Node | null {
  const raw = draft.raw.trim();
  if (raw === "" || nothing.test(raw)) return null;
  const name = nameOf(raw);
  const kids: Node[] = [];
  const head = replaced(raw.slice(0, headCharsMax), name, nameMark).replace(trailing, "");
  const words = name === "" ? Number.POSITIVE_INFINITY : name.split(" ").length;
  const isLonger = words > nameWordsMax && words <= articleWordsMax && articles.test(raw);
  const isThing = words <= nameWordsMax || (isLonger && (parent !== null || isIndented(read.text, draft.start)));
  const at = nodes.length;
  const { text, title } = read;
  const { end, inside, holds } = draft;
  const start = draft.start + (text.slice(draft.start, end).search(/\S/) + 1 || 1) - 1;
  const shown = text.slice(start, end).trim();
  const lower = name.toLowerCase();
  const node = {
    name,
    lower,
    head,
    whole: "",
    parent,
    nth: siblings.get(lower) ?? 0,
    kids,
    holds,
    // The full stop behind the last thing that another holds is of the other's sentence.
    text: parent === null ? shown : shown.replace(/\.$/, ""),
    opening: inside < 0 ? shown : text.slice(start, inside).trim(),
    start: title + start,
    inside: inside < 0 ? -1 : title + inside,
  };
  siblings.set(lower, node.nth + 1);
  if (isThing) nodes.push(node);
  const within = new Map<string, number>();
  for (const kid of draft.kids) {
    const made = finish(read, kid, node, nodes, within);
    if (made !== null) kids.push(made);
  }
  const whole = [raw, parent?.name ?? "", ...kids.map((kid) => kid.name)].join(" ").slice(0, 2 * headCharsMax);
  if (isThing) nodes[at] = Object.assign(node, { whole: whole.toLowerCase() });
  return isThing ? node : null;
}
