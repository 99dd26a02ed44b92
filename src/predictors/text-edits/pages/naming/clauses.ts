/**
 * What an action says of the things that it names: "cup in bowl", "cup containing tea and milk". Such clauses are no part of its form: the things
 * that it is about are its first arguments, those that clauses name come behind them. Which words begin clauses is learnt by verb, from where the
 * page shows one of two things in the other.
 */
import { hole, type ReadAction, type Values } from "../../reading.ts";
import { verbOf } from "../grammar.ts";

/** What stands behind the word holds what stands before it, is held by it, or is held beside it. */
export type ClauseKind = "in" | "with" | "beside";

/** By `clauseKey`. */
export type ClauseWords = ReadonlyMap<string, ClauseKind>;

export interface Clauses {
  /** Arguments that the action is about; those behind are named in clauses. */
  readonly heads: number;
  /** Of each argument, which holds it; null where that is not said. */
  readonly holders: readonly (number | null)[];
  /** Of each argument, all that it holds; empty where that is not said. */
  readonly held: readonly (readonly number[])[];
  /** The clauses, arguments by number: "0 in 2, 0 containing 3". */
  readonly form: string;
}

/** An action with what it says of its arguments; absent where the world says nothing of any. */
export interface ClausedAction extends ReadAction {
  readonly clauses?: Clauses;
}

/** The arguments of an action with what is said of them. */
export type Named = Pick<ClausedAction, "args" | "clauses">;

const [holeMark, holeEnd] = [hole("").slice(0, 1), hole("").slice(1)];

/** Longer actions say nothing of their arguments: of each word all others are asked. */
const tokensMax = 48;

/** `isOnly`: it is the last such word, and no other parts what the action is about ("pour milk in jug" is another "in" than "pour milk in jug into cup"). */
export function clauseKey(verb: string, word: string, isOnly: boolean): string {
  return `${verb}\u0003${word}${isOnly ? "\u0003only" : ""}`;
}

function isHole(token = ""): boolean {
  return token.startsWith(holeMark) && token.endsWith(holeEnd);
}

/** What stands between two arguments, a word each; where it does. */
function betweens(tokens: readonly string[]): readonly number[] {
  return tokens.flatMap((token, at) =>
    !isHole(token) && isHole(tokens[at - 1]) && isHole(tokens[at + 1]) ? [at] : [],
  );
}

function keyAt(words: ClauseWords, verb: string, tokens: readonly string[], at: number): string {
  const all = betweens(tokens);
  const word = tokens[at] ?? "";
  const isOther = (one: string) => one !== word && !words.has(clauseKey(verb, one, false));
  return clauseKey(verb, word, at === all.at(-1) && !all.some((place) => isOther(tokens[place] ?? "")));
}

interface Part {
  readonly arg: string;
  holder: Part | null;
  readonly held: Part[];
}

/** The action, its clauses apart from its form. */
export function withClauses(words: ClauseWords, action: ReadAction): ClausedAction {
  const tokens = action.template.split(" ");
  // Calls and lists of amounts say nothing of their arguments.
  if (
    words.size === 0 ||
    tokens.length > tokensMax ||
    tokens.some((token) => token.includes(holeMark) && !isHole(token))
  )
    return action;
  const verb = verbOf(action.template);
  const argOf = (token: string) => action.args[Number(token.slice(1, -1))] ?? "";
  const [heads, others]: [Part[], Part[]] = [[], []];
  const form: string[] = [];
  const said: (readonly [subject: Part, word: string, part: Part])[] = [];
  let subject: Part | null = null;
  let holding: Part | null = null;
  for (let at = 0; at < tokens.length; at++) {
    const [word = "", token = ""] = [tokens[at], tokens[at + 1]];
    const isBetween = subject !== null && !isHole(word) && isHole(token) && isHole(tokens[at - 1]);
    const kind = isBetween ? words.get(keyAt(words, verb, tokens, at)) : undefined;
    if (kind === undefined || (kind === "beside" && holding === null) || subject === null) {
      if (!isHole(word)) form.push(word);
      else {
        const head: Part = { arg: argOf(word), holder: null, held: [] };
        form.push(hole(String(heads.push(head) - 1)));
        [subject, holding] = [head, null];
      }
      continue;
    }
    const part: Part = { arg: argOf(token), holder: null, held: [] };
    others.push(part);
    said.push([subject, word, part]);
    if (kind === "in") {
      subject.holder ??= part;
      [subject, holding] = [holding === null ? part : subject, null];
    } else {
      subject.held.push(part);
      holding = subject;
    }
    at += 1;
  }
  const all = [...heads, ...others];
  const numberOf = (part: Part) => all.indexOf(part);
  return {
    template: form.join(" "),
    args: all.map(({ arg }) => arg),
    clauses: {
      heads: heads.length,
      holders: all.map(({ holder }) => (holder === null ? null : numberOf(holder))),
      held: all.map(({ held }) => held.map(numberOf)),
      form: said.map(([of, word, part]) => `${numberOf(of)} ${word} ${numberOf(part)}`).join(", "),
    },
  };
}

/** A name that one of the first arguments has is no other's: what answers name is what the action is about. */
export function ofHeads(called: Values, clauses: Clauses | undefined): Values {
  if (clauses === undefined || clauses.heads === called.length) return called;
  const heads = called.slice(0, clauses.heads);
  return called.map((name, at) => (at >= clauses.heads && heads.includes(name) ? "" : name));
}

/** Two arguments with one word between them. */
export interface Pair {
  /** `clauseKey`. */
  readonly key: string;
  readonly word: string;
  readonly first: string;
  readonly second: string;
}

/** `words`: as far as is known. */
export function pairsIn(words: ClauseWords, { template, args }: ReadAction): readonly Pair[] {
  const tokens = template.split(" ");
  if (tokens.length > tokensMax) return [];
  const verb = verbOf(template);
  const argAt = (at: number) => args[Number(tokens[at]?.slice(1, -1))] ?? "";
  return betweens(tokens).map((at) => ({
    key: keyAt(words, verb, tokens, at),
    word: tokens[at] ?? "",
    first: argAt(at - 1),
    second: argAt(at + 1),
  }));
}
