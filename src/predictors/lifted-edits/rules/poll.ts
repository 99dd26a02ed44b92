/** The votes on parts of one effect, taken together: all of it comes, or nothing. */
import type { Decision } from "./decide.ts";
import type { RowSite } from "./rows.ts";

/** The row of a path that is likeliest to change. */
export interface Candidate {
  readonly row: RowSite;
  readonly key: string;
  /** Share of the votes for any change. */
  readonly change: number;
}

/** By effect, and path. */
export type Poll = Map<number, Map<string, Candidate>>;

export function noteVote(poll: Poll, effect: number, candidate: Candidate): void {
  const known = poll.get(effect) ?? new Map<string, Candidate>();
  poll.set(effect, known);
  const before = known.get(candidate.key);
  if (before === undefined || candidate.change > before.change) known.set(candidate.key, candidate);
}

/** `force`: what becomes of a row if it changes; null where nothing can be said. What is pinned stands. */
export function agreed(
  decisions: readonly Decision[],
  poll: Poll,
  force: (candidate: Candidate) => Decision | null,
): readonly Decision[] {
  let result = decisions;
  for (const paths of poll.values()) {
    const said = new Set(result.map(({ key }) => key));
    const missing = [...paths.values()].filter(({ key }) => !said.has(key));
    if (missing.length === 0 || missing.length === paths.size) continue;
    let sum = 0;
    for (const { change } of paths.values()) sum += change;
    const share = sum / paths.size;
    if (share < 0.5) result = result.filter(({ key, isPinned }) => isPinned || !paths.has(key));
    else {
      const forced = missing.flatMap((one) => force(one) ?? []);
      result = [...result, ...forced.map((one) => ({ ...one, share }))];
    }
  }
  return result;
}
