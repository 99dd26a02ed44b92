/** A forest read as rules: of each label the kinds of situation (leaves of the first tree) in which learnt steps spoke for it. */
import { type Forest, leaf } from "./forest.ts";
import { negated } from "./negation.ts";

export interface Condition {
  readonly token: number;
  readonly present: boolean;
}

export interface SituationKind {
  /** In the order in which they are asked. */
  readonly conditions: readonly Condition[];
  /** Steps of the kind that spoke for the label. */
  readonly votes: number;
  /** No other label has more of them. */
  readonly leads: boolean;
}

export interface LabelSupport {
  /** Steps of all kinds that spoke for the label. */
  readonly support: number;
  /** Those in which it leads first, then by votes; bounded. */
  readonly kinds: readonly SituationKind[];
}

const kindsMax = 8;

/** By index of the forest's labels; labels without a vote are left out. */
export function supportByLabel({ nodes, roots, votes }: Forest): ReadonlyMap<number, LabelSupport> {
  const found = new Map<number, { support: number; readonly kinds: SituationKind[] }>();
  const open: { readonly node: number; readonly conditions: readonly Condition[] }[] = [
    { node: roots[0] ?? 0, conditions: [] },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, conditions } = next;
    const token = nodes[node] ?? leaf;
    const [first = 0, second = 0] = [nodes[node + 1], nodes[node + 2]];
    if (token !== leaf) {
      open.push({ node: first, conditions: [...conditions, { token, present: false }] });
      open.push({ node: second, conditions: [...conditions, { token, present: true }] });
      continue;
    }
    let most = 0;
    for (let at = first; at < first + 2 * second; at += 2) most = Math.max(most, votes[at + 1] ?? 0);
    for (let at = first; at < first + 2 * second; at += 2) {
      const [label = 0, count = 0] = [votes[at], votes[at + 1]];
      const own = found.get(label) ?? { support: 0, kinds: [] };
      found.set(label, own);
      own.support += count;
      own.kinds.push({ conditions, votes: count, leads: count === most });
    }
  }
  for (const own of found.values()) {
    own.kinds.sort((a, b) => Number(b.leads) - Number(a.leads) || b.votes - a.votes);
    own.kinds.length = Math.min(own.kinds.length, kindsMax);
  }
  return found;
}

/** In words, but for what the form of the action implies: that it is no other. `words`: of tokens. */
export function conditionWords(
  conditions: readonly Condition[],
  words: ReadonlyMap<number, string>,
): readonly string[] {
  const textOf = ({ token }: Condition) => words.get(token) ?? `feature ${token}`;
  const form = conditions.find((one) => one.present && textOf(one).startsWith(formWords));
  return conditions
    .filter((one) => form === undefined || one === form || !ofForms.test(textOf(one)))
    .map((one) => (one.present ? textOf(one) : negated(textOf(one))));
}

const formWords = "the action is ";
/** What the form says of the action, too. */
const ofForms = /^the action(?:'s verb)? is /;
