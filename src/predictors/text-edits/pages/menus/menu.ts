/**
 * Menus: where several things fit what an action names, the answer may list what may be meant, a line each, in the words of its world: the request with
 * each thing by its name, and in brackets what holds it ("0: open box (in chest, in hall)").
 */
import { hole } from "../../reading.ts";
import type { PageBelief } from "../belief.ts";
import type { ClausedAction } from "../naming/clauses.ts";
import { allHere } from "../naming/here.ts";
import { fillIn } from "../text/lift.ts";

export interface MenuRules {
  /** The first line. */
  readonly opening: string;
  /** How a line says a request, by the form of the action. */
  readonly requests: ReadonlyMap<string, string>;
  /** What stands behind a name, by `holdingKey`: what holds it taken out, the nearest first, then the place. */
  readonly remarks: ReadonlyMap<string, string>;
}

/** One thing that may be meant. */
export interface Meant {
  readonly name: string;
  /** `remarks`. */
  readonly key: string;
  /** What holds it, the nearest first, and the place. */
  readonly holders: readonly string[];
}

const linesMax = 64;
/** Where the number of a line ends. */
export const numberEnd = ":\t";

/** What each argument that the action is about may mean. */
export function meantBy(belief: PageBelief, action: ClausedAction): readonly (readonly Meant[])[] {
  const place = (belief.current === null ? undefined : belief.names.get(belief.current)) ?? "";
  return action.args.slice(0, action.clauses?.heads).map((arg, at): readonly Meant[] => {
    if (belief.places.has(arg)) return [{ name: arg, key: "place", holders: [place] }];
    const shown = allHere(belief, action, at);
    if (shown.length === 0) return belief.read.has(arg) ? [{ name: arg, key: "asked", holders: [place] }] : [];
    return shown.map(({ node, owner }) => {
      const holders: string[] = [];
      for (let above = node.parent; above !== null; above = above.parent) holders.push(above.name);
      const where = owner === place ? "here" : owner;
      return { name: node.name, key: `${where} ${holders.length}`, holders: [...holders, place] };
    });
  });
}

/** The menu; null where nothing is ambiguous, or it cannot be said. */
export function menuFor(rules: MenuRules, belief: PageBelief, action: ClausedAction): string | null {
  const request = rules.requests.get(action.template);
  if (request === undefined) return null;
  const all = meantBy(belief, action);
  const count = all.reduce((product, { length }) => product * length, 1);
  if (count < 2 || count > linesMax) return null;
  const phrases = all.map((things) => things.map((one) => phraseOf(rules, one)));
  const lines = [rules.opening];
  for (let number = 0; number < count; number++) {
    let left = count;
    let rest = number;
    const names = phrases.map((own) => {
      left /= own.length;
      const phrase = own[Math.floor(rest / left)] ?? null;
      rest %= left;
      return phrase;
    });
    const line = fillIn(request, names, []);
    if (line === null) return null;
    lines.push(`${number}${numberEnd}${line}`);
  }
  return lines.join("\n");
}

function phraseOf({ remarks }: MenuRules, { name, key, holders }: Meant): string | null {
  const remark = remarks.get(key);
  return remark === undefined ? null : fillIn(`${hole("0")}${remark}`, [name, ...holders], []);
}
