/** Sentences of strings of the context, without those that such strings end with in many worlds: they ask for nothing. */

const charsMax = 8_000;
/** Of a longer string the last count: what a goal ends with matters most. */
const sentencesMax = 64;

/** In lower case. */
function sentencesOf(text: string): readonly string[] {
  const end = text.slice(-charsMax);
  return end
    .toLowerCase()
    .split(/(?<=[.!?])\s+/)
    .slice(-sentencesMax);
}

/** All where each of them is a closing. */
export function sentencesAsking(text: string, closings: ReadonlySet<string>): readonly string[] {
  const sentences = sentencesOf(text);
  const last = sentences.findLastIndex((one) => !closings.has(one));
  return last < 0 ? sentences : sentences.slice(0, last + 1);
}

/** Different strings that end with it. */
const seenMin = 4;
/** A closing may be of two sentences. */
const passes = 2;

export function closingsOf(texts: Iterable<string>): ReadonlySet<string> {
  const closings = new Set<string>();
  let left = [...new Set(texts)].map(sentencesOf);
  for (let pass = 0; pass < passes; pass++) {
    left = left.filter(({ length }) => length > 1);
    const counts = new Map<string, number>();
    for (const sentences of left) counts.set(sentences.at(-1) ?? "", (counts.get(sentences.at(-1) ?? "") ?? 0) + 1);
    const isClosing = (sentence = "") => (counts.get(sentence) ?? 0) >= seenMin;
    for (const sentence of counts.keys()) if (isClosing(sentence)) closings.add(sentence);
    left = left.map((sentences) => (isClosing(sentences.at(-1)) ? sentences.slice(0, -1) : sentences));
  }
  return closings;
}
