/**
 * Function words that only tell which of several things is meant ("move the cup in the box to the shelf"): what they add may be left out, and the
 * action is one that is also asked. Words that belong to what is done ("move … to") may not.
 */
import { hole } from "../reading.ts";
import { type Grammar, readPhrases, verbOf } from "./grammar.ts";

const verbsMin = 3;
const optionalShare = 0.6;
const holeMark = hole("").slice(0, 1);

interface Counts {
  seen: number;
  optional: number;
  readonly verbs: Set<string>;
}

export function joinsOf(actions: Iterable<string>, grammar: Grammar): ReadonlySet<string> {
  const templates = [...actions].flatMap((action) => readPhrases(grammar, action)?.template ?? []);
  const asked = new Set(templates.map((template) => formOf(template.split(" "))));
  const counts = new Map<string, Counts>();
  for (const template of templates) {
    const tokens = template.split(" ");
    for (let at = 1; at + 1 < tokens.length; at++) {
      const word = tokens[at] ?? "";
      if (word.startsWith(holeMark) || !isHole(tokens[at - 1]) || !isHole(tokens[at + 1])) continue;
      const own = counts.get(word) ?? { seen: 0, optional: 0, verbs: new Set<string>() };
      counts.set(word, own);
      own.seen += 1;
      if (!asked.has(formOf(tokens.toSpliced(at, 2)))) continue;
      own.optional += 1;
      own.verbs.add(verbOf(template));
    }
  }
  const isJoin = ({ seen, optional, verbs }: Counts) => verbs.size >= verbsMin && optional > optionalShare * seen;
  return new Set([...counts].flatMap(([word, own]) => (isJoin(own) ? [word] : [])));
}

function isHole(token = ""): boolean {
  return token.startsWith(holeMark);
}

/** Whichever arguments they are. */
function formOf(tokens: readonly string[]): string {
  return tokens.map((token) => (isHole(token) ? hole("") : token)).join(" ");
}
