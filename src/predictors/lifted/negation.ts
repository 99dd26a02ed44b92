/** What a condition says where it does not hold. Features are said in words that may deny something themselves: denied, they say what is so. */

const denials: readonly (readonly [RegExp, string])[] = [
  [/^((?:(?! is ).)*) is not empty$/, "$1 is empty, or what it holds is not known"],
  [/ was not known at first$/, " was known at first"],
  // The verb of the sentence, not one of a name in it.
  [/^((?:(?! (?:is|are) ).)*) (is|are) not /, "$1 $2 "],
  [/ does not (name|say) /, " $1s "],
  [/ to have not changed$/, " to have changed"],
  [/^not all of (.*) are of /, "all or none of $1 are of "],
  [/^no (longer answer|line) /, "a $1 "],
  [/^nothing was named before$/, "something was named before"],
  [/ never followed /, " followed "],
  [/ names (<\d+>) never$/, " names $1"],
  [/ was never seen$/, " was seen before"],
  [/ is nothing$/, " is something"],
  // Without such an argument it names nothing either, and what cannot contain anything is not empty.
  [/^(argument .*) names nothing here$/, "$1 names something here, or is not given"],
  [/^(.*) contains nothing$/, "$1 contains something, or is nothing that contains"],
  [/ lists nothing\b/, " lists something"],
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
