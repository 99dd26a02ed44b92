/** Arguments that are a thing's own: those called as it is (`robot-1: "left"`), and what stands at its place in a list. */
import { hashText, mix } from "../../lifted/hash.ts";
import { families } from "../../lifted/tokens.ts";
import type { Entity } from "../state/entity.ts";
import type { ParsedAction, Slot } from "./action.ts";
import { short } from "./value-features.ts";
import type { Writer } from "./writer.ts";

/** Stands for the last segment of the name of such an argument. */
const own = "@own";

export interface OwnArgument {
  /** With `@own` for what is the thing's. */
  readonly name: string;
  readonly slot: Slot;
}

export function ownArguments({ slots }: ParsedAction, entity: Entity): readonly OwnArgument[] {
  const found: OwnArgument[] = [];
  if (entity.collection === null) return found;
  const segment = segmentOf(entity);
  for (const slot of slots) {
    const cut = slot.name.lastIndexOf(".") + 1;
    if (slot.name.length - cut !== segment.length || !slot.name.endsWith(segment)) continue;
    // A number that is no place in a list is the place of a name in a text.
    if (cut > 0 || !isNumber(segment)) found.push({ name: `${slot.name.slice(0, cut)}${own}`, slot });
  }
  return found;
}

function isNumber(segment: string): boolean {
  return /^\d+$/.test(segment);
}

/** What such a name stands for where the row is of this thing. */
export function nameOfOwn(name: string, entity: Entity): string {
  return name.endsWith(own) ? `${name.slice(0, -own.length)}${segmentOf(entity)}` : name;
}

function segmentOf(entity: Entity): string {
  return String(isPlaced(entity) ? entity.position : entity.key);
}

/** Told by its place in a list alone. */
function isPlaced({ position, collection }: Entity): boolean {
  return position >= 0 && collection?.key === null;
}

export function writeOwnArguments(action: ParsedAction, entity: Entity, out: Writer): void {
  for (const { name, slot } of ownArguments(action, entity)) {
    if (out.put(families.action, mix(hashText(name), ownHash), slot.valueHash))
      out.say(`its own argument ${name} is ${short(slot.value)}`);
  }
  if (isPlaced(entity) && out.put(families.self, placeHash, entity.position))
    out.say(`S is number ${entity.position} of its list`);
}

const ownHash = hashText(own);
const placeHash = hashText("place");
