/** Numbers and names in the sentences that explain what was learnt. */

/** `1 step`, `3 steps`; `4 or more steps` where `most` and all that are more count alike. */
export function counted(count: number, noun: string, most = Number.POSITIVE_INFINITY): string {
  if (count >= most) return `${most} or more ${noun}s`;
  return `${count} ${count === 1 ? noun : `${noun}s`}`;
}

/** `a ball`, `an apple`, and what has an article as it is. */
export function withArticle(noun: string): string {
  if (/^(?:an?|the) /i.test(noun)) return noun;
  return `${/^[aeiou]/i.test(noun) ? "an" : "a"} ${noun}`;
}

/** Its first characters. A copy: what is kept of a long text would otherwise keep the whole of it. */
export function beginningOf(text: string, charsMax: number): string {
  return text.length <= charsMax ? text : Buffer.from(text.slice(0, charsMax)).toString();
}
