/** A text as its lines and sentences, and back. */

export interface Segment {
  readonly separator: string;
  readonly text: string;
}

const borders = /(\n+|(?<=[.!?]) (?!\n|$))/;
/** A blank that ends a line of prose is no part of its last sentence; lines that are indented are taken as they are. */
const indented = /^\s/;
const blankEnd = /^(.*\S)( +)$/;

export function segmentsOf(text: string): readonly Segment[] {
  const parts = text.split(borders);
  const segments: Segment[] = [{ separator: "", text: parts[0] ?? "" }];
  let isIndented = indented.test(parts[0] ?? "");
  for (let at = 1; at + 1 < parts.length; at += 2) {
    const [separator = "", text = ""] = [parts[at], parts[at + 1]];
    const [, said, blanks = ""] =
      isIndented || indented.test(text) ? [] : (blankEnd.exec(segments.at(-1)?.text ?? "") ?? []);
    if (said !== undefined) segments.push({ separator: segments.pop()?.separator ?? "", text: said });
    segments.push({ separator: blanks + separator, text });
    if (separator.includes("\n")) isIndented = indented.test(text);
  }
  return segments;
}

export function joined(segments: readonly Segment[]): string {
  return segments.map(({ separator, text }) => separator + text).join("");
}

/** Which segments are of a line that is indented: such lines show things, as moves and edits change them. */
export function ofLines(segments: readonly Segment[]): readonly boolean[] {
  let isInside = false;
  return segments.map(({ separator, text }, at) => {
    if (at === 0 || separator.includes("\n")) isInside = indented.test(text);
    return isInside;
  });
}
