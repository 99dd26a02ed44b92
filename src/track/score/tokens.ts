/** Word measures of a predicted text against the true one. Words are runs of characters that are not white space. */
export interface TokenMeasures {
  /** F1 of the two multisets of words. */
  readonly f1: number;
  /** Share of positions, counted over the longer text, that hold the same word. */
  readonly aligned: number;
}

const same: TokenMeasures = { f1: 1, aligned: 1 };

export function tokenMeasures(truth: string, prediction: string): TokenMeasures {
  if (truth === prediction) return same;
  const expected = words(truth);
  const given = words(prediction);
  if (expected.length === 0 && given.length === 0) return same;
  if (expected.length === 0 || given.length === 0) return { f1: 0, aligned: 0 };
  const left = new Map<string, number>();
  for (const word of expected) left.set(word, (left.get(word) ?? 0) + 1);
  let common = 0;
  for (const word of given) {
    const available = left.get(word) ?? 0;
    if (available === 0) continue;
    left.set(word, available - 1);
    common += 1;
  }
  let aligned = 0;
  const both = Math.min(expected.length, given.length);
  for (let at = 0; at < both; at++) if (expected[at] === given[at]) aligned += 1;
  return {
    f1: (2 * common) / (expected.length + given.length),
    aligned: aligned / Math.max(expected.length, given.length),
  };
}

function words(text: string): readonly string[] {
  return text.match(/\S+/g) ?? [];
}
