/**
 * How actions are read where things are named by any phrase: words that stand between many different words ("from", "with") are part of the
 * form, and so is a second word that goes with the first ("pick up"); what is between them are arguments. `name[…]` and `name(…)` are calls.
 */
import { hole, isMarked, type ReadAction } from "../reading.ts";

export interface Grammar {
  readonly functionWords: ReadonlySet<string>;
  /** First and second word of an action, with a blank between. */
  readonly seconds: ReadonlySet<string>;
  /** A number before a name is an argument of its own; absent: it is of the name. */
  readonly hasAmounts?: boolean;
}

export const noGrammar: Grammar = { functionWords: new Set(), seconds: new Set() };

const call = /^([^\s[\](){}]+)([[(])([\s\S]*)[\])]$/;

/** Null where the text holds the characters that mark holes. */
export function readPhrases({ functionWords, seconds, hasAmounts = false }: Grammar, raw: string): ReadAction | null {
  if (isMarked(raw)) return null;
  const text = raw.trim();
  const called = call.exec(text);
  if (called !== null) {
    const [, name = "", opening = "", argument = ""] = called;
    return { template: `${name}${opening}${hole("0")}${opening === "[" ? "]" : ")"}`, args: [argument] };
  }
  const words = text.split(/\s+/);
  const form = [words[0] ?? ""];
  const args: string[] = [];
  let phrase: string[] = [];
  const add = (argument: string) => {
    const known = args.indexOf(argument);
    form.push(hole(String(known >= 0 ? known : args.push(argument) - 1)));
  };
  const end = () => {
    const [first = ""] = phrase;
    const isAmount = hasAmounts && phrase.length > 1 && amount.test(first);
    if (isAmount) add(first);
    if (phrase.length > 0) add(phrase.slice(Number(isAmount)).join(" "));
    phrase = [];
  };
  /** "2 nails, 3 planks": each amount is of its own. */
  const endOfList = () => {
    phrase.push((phrase.pop() ?? "").slice(0, -1));
    end();
    form.push(`${form.pop()},`);
  };
  for (let at = 1; at < words.length; at++) {
    const word = words[at] ?? "";
    const isSecond = at === 1 && seconds.has(`${words[0]} ${word}`);
    if (hasAmounts && amount.test(word) && amount.test(phrase[0] ?? "") && phrase.at(-1)?.endsWith(",") === true)
      endOfList();
    if (!isSecond && !functionWords.has(word)) phrase.push(word);
    else {
      end();
      form.push(word);
    }
  }
  end();
  return { template: form.join(" "), args };
}

export const amount = /^\d+$/;

const neighboursMin = 10;
const actionsShare = 0.05;
/** Of a word that has more neighbours. */
const variedMin = 20;
const variedShare = 0.025;
/** A function word stands between phrases, not at the borders of one: of where it is not a second word. */
const betweenShare = 0.75;
const secondShare = 0.25;
const thirdsMin = 8;
/** A word that stands in few actions is one where so many say it between two phrases that other actions name alone: different ones on both sides. */
const pairsMin = 4;
const pairsShare = 0.4;
const beforesMin = 3;
const aftersMin = 2;
/** Longer actions name no pairs. */
const pairWordsMax = 12;

/** From the texts of different actions. Linear in their words. */
export function grammarOf(actions: Iterable<string>, hasAmounts = false): Grammar {
  const all = [...actions].filter((action) => !call.test(action)).map((action) => action.split(/\s+/));
  const seconds = secondsOf(all, hasAmounts);
  const startOf = (words: readonly string[]) => (seconds.has(`${words[0]} ${words[1]}`) ? 2 : 1);
  const named = new Set(
    all.flatMap((words) => (words.length > pairWordsMax ? [] : [words.slice(startOf(words)).join(" ")])),
  );
  named.delete("");
  const counts = new Map<string, WordCount>();
  for (const words of all) {
    const start = startOf(words);
    for (let at = start; at < words.length; at++) {
      const word = words[at] ?? "";
      const own = counts.get(word) ?? newCount();
      counts.set(word, own);
      own.seen += 1;
      if (at === 1 || at === words.length - 1) continue;
      own.between += 1;
      own.lefts.add(words[at - 1] ?? "");
      const [next = "", behind = next] = words.slice(at + 1);
      own.rights.add(hasAmounts && amount.test(next) ? behind : next);
      if (words.length > pairWordsMax) continue;
      const [before, after] = [words.slice(start, at).join(" "), words.slice(at + 1).join(" ")];
      if (!named.has(before) || !named.has(after)) continue;
      own.pairs += 1;
      own.befores.add(before);
      own.afters.add(after);
    }
  }
  const functionWords = new Set<string>();
  for (const [word, { seen, between, lefts, rights, pairs, befores, afters }] of counts) {
    const neighbours = Math.min(lefts.size, rights.size);
    const share = neighbours >= variedMin ? variedShare : actionsShare;
    const isVaried = neighbours >= neighboursMin && seen >= share * all.length;
    const areNamed = befores.size >= beforesMin && afters.size >= aftersMin;
    const isPairing = areNamed && pairs >= Math.max(pairsMin, pairsShare * between);
    if ((isVaried || isPairing) && between >= betweenShare * seen) functionWords.add(word);
  }
  return { functionWords, seconds, hasAmounts };
}

interface WordCount {
  seen: number;
  between: number;
  readonly lefts: Set<string>;
  readonly rights: Set<string>;
  /** Actions that say two phrases around it which other actions name alone. */
  pairs: number;
  readonly befores: Set<string>;
  readonly afters: Set<string>;
}

function newCount(): WordCount {
  return {
    ...{ seen: 0, between: 0, pairs: 0 },
    lefts: new Set(),
    rights: new Set(),
    befores: new Set(),
    afters: new Set(),
  };
}

function secondsOf(all: readonly (readonly string[])[], hasAmounts: boolean): ReadonlySet<string> {
  const [firsts, pairs, thirds] = [
    new Map<string, number>(),
    new Map<string, number>(),
    new Map<string, Set<string>>(),
  ];
  for (const [first = "", second, third = ""] of all) {
    firsts.set(first, (firsts.get(first) ?? 0) + 1);
    if (second === undefined || (hasAmounts && amount.test(second))) continue;
    const pair = `${first} ${second}`;
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
    thirds.set(pair, (thirds.get(pair) ?? new Set()).add(third));
  }
  const isSecond = ([pair, seen]: readonly [string, number]) =>
    seen >= secondShare * (firsts.get(pair.slice(0, pair.indexOf(" "))) ?? seen) &&
    (thirds.get(pair)?.size ?? 0) >= thirdsMin;
  return new Set([...pairs].filter(isSecond).map(([pair]) => pair));
}

const menuChoiceCharsMax = 4;
const remarks = / \([^()]*\)/g;

/** A short action that begins a line of the text before ("0:", as in a menu) means what stands behind it, remarks in brackets left out. */
export function asMeant(text: string, shown: string): string {
  if (text.length > menuChoiceCharsMax || text === "") return text;
  const start = `\n${text}:`;
  const at = shown.indexOf(start);
  if (at < 0) return text;
  const end = shown.indexOf("\n", at + 1);
  const line = shown.slice(at + start.length, end < 0 ? undefined : end).trim();
  return line === "" ? text : line.replace(remarks, "");
}

/** Forests are grown by verb: what stands before the first argument. */
export function verbOf(template: string): string {
  const end = template.indexOf("\u0001");
  return (end < 0 ? template : template.slice(0, end)).trim();
}
