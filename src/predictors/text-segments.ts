/** A predicted text cut into pieces, each with where it comes from: for people who ask why. Bounded. */

/** Where a piece of a text comes from, and what a reader is told of it. */
export const segmentSources = {
  words: "words of the learnt template",
  argument: "an argument of the action",
  named: "named by an earlier action",
  context: "the context of the episode",
  earlier: "an earlier observation of the episode",
  contents: "a list of contents, as believed",
  page: "the page of a place, as believed",
  counted: "a number that was counted",
  usual: "what nearly every episode shows",
  memory: "memory of another episode",
  constant: "what was shown here most",
  cut: "left out here",
} as const;

export type SegmentSource = keyof typeof segmentSources;

export interface TextSegment {
  readonly text: string;
  readonly source: SegmentSource;
  /** Which argument, which list, whose; absent where the source says all. */
  readonly detail?: string;
}

/** More says nothing to a reader. In UTF-16 units. */
const segmentsMax = 256;
const charsMax = 20_000;

/** Without empty pieces, neighbours of one source as one piece, white space around the whole left out, cut beyond the limits. */
export function tidied(pieces: readonly TextSegment[]): readonly TextSegment[] {
  const joined: TextSegment[] = [];
  for (const piece of trimmed(pieces)) {
    const last = joined.at(-1);
    if (last?.source === piece.source && last.detail === piece.detail)
      joined[joined.length - 1] = { ...last, text: last.text + piece.text };
    else joined.push(piece);
  }
  return cutBeyond(joined);
}

function trimmed(pieces: readonly TextSegment[]): readonly TextSegment[] {
  const kept = pieces.filter(({ text }) => text !== "");
  while (kept[0]?.text.trim() === "") kept.shift();
  while (kept.at(-1)?.text.trim() === "") kept.pop();
  const [first] = kept;
  if (first !== undefined) kept[0] = { ...first, text: first.text.trimStart() };
  const last = kept.at(-1);
  if (last !== undefined) kept[kept.length - 1] = { ...last, text: last.text.trimEnd() };
  return kept;
}

function cutBeyond(pieces: readonly TextSegment[]): readonly TextSegment[] {
  const shown: TextSegment[] = [];
  let [room, left] = [charsMax, 0];
  for (const piece of pieces) {
    const taken = shown.length < segmentsMax ? piece.text.slice(0, room) : "";
    if (taken !== "") shown.push({ ...piece, text: taken });
    room -= taken.length;
    left += piece.text.length - taken.length;
  }
  return left === 0 ? shown : [...shown, { text: "…", source: "cut", detail: `${left} characters more` }];
}
