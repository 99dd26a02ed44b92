/** The difference of two texts word by word, for the eye: longest common subsequence, bounded; beyond the bound head, tail and middle. */

export interface Piece {
  readonly text: string;
  readonly kind: "same" | "wrong" | "missing";
}

/** Cells of the comparison table; 1,000 by 1,000 words. */
const cellsMax = 1_000_000;

/** What was predicted but is not true is `wrong`; what is true but was not predicted is `missing`. White space belongs to the word before it. */
export function wordDiff(predicted: string, actual: string): readonly Piece[] {
  const a = words(predicted);
  const b = words(actual);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const pieces: Piece[] = [];
  put(pieces, "same", a.slice(0, head));
  middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail), pieces);
  put(pieces, "same", a.slice(a.length - tail));
  return pieces;
}

function middle(a: readonly string[], b: readonly string[], pieces: Piece[]): void {
  if (a.length * b.length > cellsMax) {
    put(pieces, "wrong", a);
    put(pieces, "missing", b);
    return;
  }
  const width = b.length + 1;
  const table = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      table[i * width + j] =
        a[i] === b[j]
          ? (table[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(table[(i + 1) * width + j] ?? 0, table[i * width + j + 1] ?? 0);
    }
  }
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      put(pieces, "same", a.slice(i, i + 1));
      i++;
      j++;
    } else if (
      j >= b.length ||
      (i < a.length && (table[(i + 1) * width + j] ?? 0) >= (table[i * width + j + 1] ?? 0))
    ) {
      put(pieces, "wrong", a.slice(i, i + 1));
      i++;
    } else {
      put(pieces, "missing", b.slice(j, j + 1));
      j++;
    }
  }
}

function put(pieces: Piece[], kind: Piece["kind"], some: readonly string[]): void {
  if (some.length === 0) return;
  const text = some.join("");
  const last = pieces.at(-1);
  if (last?.kind === kind) pieces[pieces.length - 1] = { kind, text: last.text + text };
  else pieces.push({ kind, text });
}

function words(text: string): readonly string[] {
  return text.match(/\S+\s*|\s+/g) ?? [];
}
