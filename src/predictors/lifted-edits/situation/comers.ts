/**
 * Names that came in several episodes ("order_new_1"): a simulator gives them out in the same order each time. Which of them are there already tells
 * which one is next.
 */
import { hashText, mix } from "../../lifted/hash.ts";
import { families } from "../../lifted/tokens.ts";
import type { Canon } from "../state/canon.ts";
import type { Role } from "./roles.ts";
import type { Writer } from "./writer.ts";

const comersMax = 256;
/** Fewer are chance. */
const timesMin = 3;
const toldMax = 32;
const there = hashText("there");

/** By name: how often it came. Beyond the limit, what came once goes. */
export function noteComer(comers: Map<string, number>, name: string): void {
  const count = comers.get(name) ?? 0;
  if (count === 0 && comers.size >= comersMax) {
    const [once] = [...comers].find(([, times]) => times === 1) ?? [];
    if (once === undefined) return;
    comers.delete(once);
  }
  comers.set(name, count + 1);
}

export function writeComers(
  comers: ReadonlyMap<string, number>,
  canon: Canon,
  roles: readonly Role[],
  out: Writer,
): void {
  let told = 0;
  for (const [name, times] of comers) {
    if (times < timesMin || ++told > toldMax) continue;
    for (const { owner, collection } of canon.named(name)) {
      const whose = roles.find(({ entity }) => entity === owner);
      if (whose === undefined || whose.far) continue;
      if (out.put(families.name, mix(hashText(name), there), mix(whose.hash, collection?.hash ?? 0)))
        out.say(`${name} is there already, of ${whose.name}`);
    }
  }
}
