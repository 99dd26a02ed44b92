/** Pages of places: which is meant by a name, what they show only to who is there, and their blocks of lines. */
import type { PageBelief } from "./belief.ts";
import type { PageStructure } from "./structure.ts";
import type { Told } from "./text/lift.ts";
import { mentions } from "./text/words.ts";

export function pageNaming({ pages }: Pick<PageBelief, "pages">, name: string): string | null {
  for (const title of pages.keys()) if (mentions(title, name)) return title;
  return null;
}

type Presence = Pick<PageStructure, "presence">;

/** A page as it looks from elsewhere. */
export function seenFrom({ presence }: Presence, page: string): string {
  if (presence.size === 0) return page;
  return page
    .split("\n")
    .filter((line) => !presence.has(line))
    .join("\n");
}

/** A page that was seen from elsewhere, as it looks there. */
export function seenThere({ presence }: Presence, page: string): string {
  const lines = page.split("\n");
  const missing = [...presence].filter((line) => !lines.includes(line));
  return missing.length === 0 ? page : lines.toSpliced(1, 0, ...missing).join("\n");
}

const blocksMax = 3;

/** Lines that are indented, as they stand and one behind the other. */
export function blocksOf(page: string, name: string): readonly Told[] {
  const blocks: string[][] = [];
  let isOpen = false;
  for (const line of page.split("\n").slice(1)) {
    const isInside = /^\s+\S/.test(line);
    if (isInside && !isOpen) blocks.push([]);
    if (isInside) blocks.at(-1)?.push(line);
    isOpen = isInside;
  }
  return blocks.slice(0, blocksMax).flatMap((lines, at) => [
    { name: `${name} block ${at}`, text: lines.join("\n"), sentences: [] },
    { name: `${name} listed ${at}`, text: lines.map((line) => line.trim()).join(", "), sentences: [] },
  ]);
}

/** Counts lines of pages that are seen there, and from elsewhere. */
export interface PresenceCounts {
  add(page: string, isThere: boolean): void;
  decided(): ReadonlySet<string>;
}

const linesMax = 5_000;
const thereMin = 20;
const elsewhereMin = 5;
const presenceShare = 0.85;

export function createPresenceCounts(): PresenceCounts {
  const lines = new Map<string, { there: number; elsewhere: number }>();
  let [there, elsewhere] = [0, 0];
  return {
    add(page, isThere) {
      if (isThere) there += 1;
      else elsewhere += 1;
      for (const line of new Set(page.split("\n").slice(1))) {
        const own = lines.get(line) ?? { there: 0, elsewhere: 0 };
        if (lines.has(line) || lines.size < linesMax) lines.set(line, own);
        own[isThere ? "there" : "elsewhere"] += 1;
      }
    },
    decided() {
      if (there < thereMin || elsewhere < elsewhereMin) return new Set();
      const isPresence = (own: { there: number; elsewhere: number }) =>
        own.there > presenceShare * there && own.elsewhere < (1 - presenceShare) * elsewhere;
      return new Set([...lines].flatMap(([line, own]) => (line !== "" && isPresence(own) ? [line] : [])));
    },
  };
}
