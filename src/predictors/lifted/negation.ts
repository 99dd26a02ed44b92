/** What a condition says where it does not hold. Features are said in words that may deny something themselves: denied, they say what is so. */

const denials: readonly (readonly [RegExp, string])[] = [
  [/^((?:(?! is ).)*) is not empty$/, "$1 is empty, or what it holds is not known"],
  [/ was not known at first$/, " was known at first"],
  // The verb of the sentence, not one of a name in it.
  [/^((?:(?! (?:is|are) ).)*) (is|are) not /, "$1 $2 "],
  [/ does not (name|say) /, " $1s "],
  [/ to have not changed$/, " to have changed"],
  [/^not all /, "all "],
  [/^no (longer answer|line) /, "a $1 "],
  [/^nothing was named before$/, "something was named before"],
  [/ never followed /, " followed "],
  [/ names (<\d+>) never$/, " names $1"],
  [/ was never seen$/, " was seen before"],
  [/ is nothing$/, " is something"],
  [/ (contains|holds|lists|names) nothing\b/, " $1 something"],
  [/ is in nothing$/, " is in something"],
  [/ is absent$/, " is there"],
];

/** What stands in quotation marks, or behind a colon, is what others wrote: it stays as it is. */
const ownWords = /^[^":]*/;

export function negated(text: string): string {
  const [own = ""] = ownWords.exec(text) ?? [];
  const rest = text.slice(own.length);
  for (const [denial, affirmed] of denials) {
    if (!denial.test(own) || (rest !== "" && denial.source.endsWith("$"))) continue;
    return own.replace(denial, affirmed) + rest;
  }
  return `not: ${text}`;
}
