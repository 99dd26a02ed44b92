/**
 * Small records whose parts belong together: an entry of a map (`ends.left`: what `ends.left.0` and `ends.left.1` say), or a short list. Which of
 * the parts are arguments, and which are two arguments in turn?
 */
import type { Json } from "../../../json/json.ts";
import { hashText, mix } from "../../lifted/hash.ts";
import { families } from "../../lifted/tokens.ts";
import { type Flat, hashValue } from "../state/flatten.ts";
import type { Path } from "../state/paths.ts";
import type { ParsedAction, Slot } from "./action.ts";
import { shortListMax } from "./value-features.ts";
import type { Writer } from "./writer.ts";

const part = hashText("part");
const entries = new WeakMap<Flat, ReadonlyMap<number, readonly Json[]>>();

/** The values of the entry that the path is part of, by place; null where it is not part of one. */
export function entryOf(flat: Flat, path: Path): readonly Json[] | null {
  if (!isPart(path)) return null;
  let known = entries.get(flat);
  if (known === undefined) {
    known = entriesIn(flat);
    entries.set(flat, known);
  }
  return known.get(path.id) ?? null;
}

function isPart({ segment, data }: Path): boolean {
  return segment !== null && data.at(-1) === false;
}

function entriesIn({ paths, values }: Flat): ReadonlyMap<number, readonly Json[]> {
  const byEntry = new Map<string, Json[]>();
  const found = new Map<number, Json[]>();
  for (let at = 0; at < paths.length; at++) {
    const path = paths[at];
    if (path === undefined || !isPart(path)) continue;
    const name = path.pointer.slice(0, path.data.indexOf(true) + 1).join("\0");
    const entry = byEntry.get(name) ?? [];
    byEntry.set(name, entry);
    if (entry.length < shortListMax) entry.push(values[at] ?? null);
    found.set(path.id, entry);
  }
  return found;
}

export function writeMatches({ slots }: ParsedAction, values: readonly Json[], out: Writer): void {
  let before: readonly Slot[] = [];
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? null;
    const hash = hashValue(value);
    const found = value === null ? [] : slots.filter(({ valueHash }) => valueHash === hash);
    for (const slot of found) {
      if (out.put(families.relation, mix(slot.hash, at), part)) out.say(`its ${at} is argument ${slot.name}`);
      for (const other of before) {
        if (out.put(families.relation, mix(other.hash, slot.hash), mix(part, at)))
          out.say(`its ${at - 1} and ${at} are arguments ${other.name} and ${slot.name}`);
      }
    }
    before = found;
  }
}
