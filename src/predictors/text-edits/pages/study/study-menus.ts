/** Learns how menus are worded: what they open with, how they say requests, and what they say of where a thing is. */
import { countIn, mostOf } from "../../most.ts";
import { hole } from "../../reading.ts";
import { type Meant, type MenuRules, numberEnd } from "../menus/menu.ts";
import { placeOf, replaced } from "../text/words.ts";

export interface MenuCounts {
  /** An answer, and what the arguments may have meant. */
  add(form: string, text: string, all: () => readonly (readonly Meant[])[]): void;
  /** Null: there are none. */
  decided(): MenuRules | null;
}

type Counts = Map<string, Map<string, number>>;

const formsMax = 2_000;
const limits = { keysMax: formsMax, valuesMax: formsMax };
const seenMin = 2;
const remark = /^ \([^()]*\)/;

export function createMenuCounts(): MenuCounts {
  const openings = new Map<string, number>();
  const [requests, remarks]: [Counts, Counts] = [new Map(), new Map()];

  function addLine(form: string, line: string, all: readonly (readonly Meant[])[]): void {
    let [request, rest] = ["", line];
    const said: (readonly [Meant, string])[] = [];
    for (const [at, things] of all.entries()) {
      const found = things
        .map((one) => [placeOf(rest, one.name), one] as const)
        .filter(([place]) => place >= 0)
        .sort(([a, one], [b, other]) => a - b || other.name.length - one.name.length)[0];
      if (found === undefined) return;
      const [place, { name }] = found;
      const behind = rest.slice(place + name.length);
      const own = remark.exec(behind)?.[0] ?? "";
      request += rest.slice(0, place) + hole(String(at));
      rest = behind.slice(own.length);
      said.push(...things.filter((one) => one.name === name).map((one) => [one, own] as const));
    }
    countIn(requests, form, request + rest, limits);
    for (const [{ key, holders }, own] of said) {
      const lifted = holders.reduceRight((text, holder, at) => replaced(text, holder, hole(String(at + 1))), own);
      countIn(remarks, key, lifted, limits);
    }
  }

  return {
    add(form, text, all) {
      const lines = linesIn(text);
      if (lines === null) return;
      const [opening = "", ...others] = lines;
      if (openings.has(opening) || openings.size < formsMax) openings.set(opening, (openings.get(opening) ?? 0) + 1);
      const meant = all();
      for (const line of others.slice(0, linesMax)) addLine(form, line, meant);
    },
    decided() {
      const [opening, times] = mostOf(openings, "");
      return times < seenMin ? null : { opening, requests: mostOften(requests), remarks: mostOften(remarks) };
    },
  };
}

const linesMax = 16;

/** The opening and the requests of a menu; null for other texts. */
function linesIn(text: string): readonly string[] | null {
  const [opening = "", ...lines] = text.trim().split("\n");
  if (lines.length < 2 || !lines.every((line, at) => line.startsWith(`${at}${numberEnd}`))) return null;
  return [opening, ...lines.map((line, at) => line.slice(`${at}${numberEnd}`.length))];
}

function mostOften(counts: Counts): ReadonlyMap<string, string> {
  return new Map(
    [...counts].flatMap(([key, values]) => {
      const [best, most] = mostOf(values, "");
      return most >= seenMin ? [[key, best] as const] : [];
    }),
  );
}
