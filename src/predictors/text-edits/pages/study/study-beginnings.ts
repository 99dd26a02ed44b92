/** Learns what actions that name nothing are answered before anything was done that changes it: what all episodes begin with ("You hold nothing."). */
import { mostOf } from "../../most.ts";
import { editsAt } from "../events/edit-index.ts";
import { answerStanding, type PageEvent } from "../events/event.ts";
import { toAnswer } from "../events/moves.ts";
import type { PageStructure } from "../structure.ts";

export interface BeginningCounts {
  /** An episode begins. */
  begin(): void;
  /** An action that names nothing, its answer, and what was done before in the episode. */
  add(actionText: string, text: string, before: readonly PageEvent[]): void;
  /** By action. */
  decided(rules: Pick<PageStructure, "edits" | "moves">): ReadonlyMap<string, string>;
}

interface First {
  readonly text: string;
  readonly before: readonly PageEvent[];
}

const actionsMax = 32;
const firstsMax = 256;
const seenMin = 3;
const share = 0.6;

export function createBeginningCounts(): BeginningCounts {
  const firsts = new Map<string, First[]>();
  const asked = new Set<string>();
  return {
    begin: () => asked.clear(),
    add(actionText, text, before) {
      if (asked.has(actionText)) return;
      asked.add(actionText);
      const own = firsts.get(actionText) ?? [];
      if (!firsts.has(actionText) && firsts.size >= actionsMax) return;
      firsts.set(actionText, own);
      if (own.length < firstsMax) own.push({ text, before: [...before] });
    },
    decided({ edits, moves }) {
      const beginnings = new Map<string, string>();
      for (const [actionText, all] of firsts) {
        const isChanging = (event: PageEvent) =>
          moves.get(event.key) === toAnswer + actionText ||
          editsAt(edits, event.key, answerStanding(event, actionText)) !== undefined;
        const untouched = all.filter(({ before }) => !before.some(isChanging));
        // What nothing changes is no state, and known to those that answer it.
        if (untouched.length === all.length) continue;
        const counts = new Map<string, number>();
        for (const { text } of untouched) counts.set(text, (counts.get(text) ?? 0) + 1);
        const [best, most] = mostOf(counts, "");
        if (most >= seenMin && most > share * untouched.length) beginnings.set(actionText, best);
      }
      return beginnings;
    },
  };
}
