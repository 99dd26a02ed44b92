/**
 * States that are facts alone: a list of texts ("(on a b)"), or of each predicate a list or a map of what it is said of. They are read as things
 * with what is said of each (`a` is `on` `b`), as other states are, so that what was learnt of one thing holds for others; what is predicted is
 * written as the state is. Facts stay in the order of their list, new ones come last, but where a list is sorted.
 */
import type { Json, JsonObject } from "../../../json/json.ts";
import { isArray, isObject } from "../../../json/pointer.ts";

export type FactsForm = "texts" | "lists" | "maps";

/** A predicate and what it is said of. */
type Fact = readonly string[];

interface Told {
  readonly facts: readonly Fact[];
  /** What is no fact; the field of the texts. */
  readonly others: JsonObject;
  readonly field: string;
}

/** Where things are kept: no field of a state. */
const thingsField = "\u001dthings";
const factText = /^\(([^\s()]+)((?: [^\s()]+)*)\)$/;
const factsMin = 2;
const forms = ["texts", "lists", "maps"] as const;

/** The form of a state that is facts; null for all others. */
export function formOf(state: Json): FactsForm | null {
  for (const form of forms) {
    const told = tell(state, form);
    // Texts in parentheses are nothing else; lists and maps may be.
    if (told !== null && told.facts.length >= factsMin && (form === "texts" || speaksOfSame(told.facts))) return form;
  }
  return null;
}

/** The forms that a state may be of, whether or not it shows that what it tells are facts. */
export function formsOf(state: Json): readonly FactsForm[] {
  return forms.filter((form) => tell(state, form) !== null);
}

/** Something is said in two ways. */
function speaksOfSame(facts: readonly Fact[]): boolean {
  const said = new Map<string, string>();
  for (const [predicate = "", ...who] of facts)
    for (const one of who)
      if ((said.get(one) ?? predicate) !== predicate) return true;
      else said.set(one, predicate);
  return false;
}

const read = new WeakMap<object, Json>();

/** As things; a state of another form as it is. */
export function readFacts(state: Json, form: FactsForm | null): Json {
  if (form === null || !isObject(state)) return state;
  const known = read.get(state);
  if (known !== undefined) return known;
  const told = tell(state, form);
  const made = told === null ? state : thingsOf(told);
  read.set(state, made);
  return made;
}

function thingsOf({ facts, others }: Told): Json {
  const things: Record<string, Record<string, Json>> = {};
  const flags: Record<string, Json> = {};
  const thing = (name: string) => {
    const known = things[name] ?? {};
    things[name] = known;
    return known;
  };
  for (const [predicate = "", first, ...rest] of facts) {
    if (first === undefined) {
      flags[predicate] = true;
      continue;
    }
    const own = thing(first);
    for (const one of rest) thing(one);
    const known = own[predicate];
    const more = rest.length === 1 ? (rest[0] ?? "") : rest;
    own[predicate] = rest.length === 0 ? true : [...(isArray(known) ? known : []), more];
  }
  return { ...others, ...flags, [thingsField]: things };
}

/** Things as the facts that `like` tells, in its form. */
export function writeFacts(next: Json, like: Json, form: FactsForm | null): Json {
  const told = form === null ? null : tell(like, form);
  if (told === null || form === null || !isObject(next) || !isObject(like)) return next;
  const { [thingsField]: things, ...rest } = next;
  const facts: Fact[] = [];
  const others: Record<string, Json> = {};
  for (const [key, value] of Object.entries(rest)) {
    if (value === true && !Object.hasOwn(told.others, key)) facts.push([key]);
    else others[key] = value;
  }
  for (const [name, said] of Object.entries(isObject(things) ? things : {}))
    for (const [predicate, value] of Object.entries(isObject(said) ? said : {})) {
      for (const one of isArray(value) ? value : [null])
        facts.push([predicate, name, ...(isArray(one) ? one : [one]).filter((who) => typeof who === "string")]);
    }
  if (form === "texts") return { ...others, [told.field]: inOrder(facts.map(textOf), like[told.field]) };
  return { ...others, ...(form === "lists" ? listsOf(facts, like) : mapsOf(facts, like)) };
}

/** Where the state tells what stands at a pointer of its things. */
export function factPointer(tokens: readonly string[], state: Json, form: FactsForm | null): readonly string[] {
  const [field, name = "", predicate = ""] = tokens;
  if (form === null || field !== thingsField) return tokens;
  if (form === "texts") return [tell(state, form)?.field ?? ""];
  return form === "lists" ? [predicate] : [predicate, name];
}

function textOf([predicate = "", ...who]: Fact): string {
  return `(${[predicate, ...who].join(" ")})`;
}

function listsOf(facts: readonly Fact[], like: JsonObject): JsonObject {
  const lists = new Map<string, Json[]>(empties(like).map((key) => [key, []]));
  for (const [predicate = "", ...who] of facts) {
    const list = lists.get(predicate) ?? [];
    lists.set(predicate, list);
    list.push(who.length === 1 ? (who[0] ?? "") : who);
  }
  return Object.fromEntries([...lists].map(([key, list]) => [key, inOrder(list, like[key])]));
}

function mapsOf(facts: readonly Fact[], like: JsonObject): JsonObject {
  const maps = new Map<string, Record<string, Json>>(empties(like).map((key) => [key, {}]));
  for (const [predicate = "", first = "", ...rest] of facts) {
    const map = maps.get(predicate) ?? {};
    maps.set(predicate, map);
    const known = map[first];
    const [second] = rest;
    // Several of one are a list; of one alone it is not known, but by what others are.
    if (second === undefined) map[first] = true;
    else if (isListed(like[predicate])) map[first] = [...(isArray(known) ? known : []), second];
    else map[first] = known === undefined ? second : [...(isArray(known) ? known : [known]), second];
  }
  return Object.fromEntries(maps);
}

function isListed(map: Json | undefined): boolean {
  const values = isObject(map) ? Object.values(map) : [];
  return values.length > 0 && values.every(isArray);
}

/** Predicates that are told though nothing is so, where such are told at all. */
function empties(like: JsonObject): readonly string[] {
  const isTold = Object.values(like).some(
    (value) => typeof value === "object" && value !== null && Object.keys(value).length === 0,
  );
  return isTold ? Object.keys(like) : [];
}

function inOrder(list: readonly Json[], like: Json | undefined): Json {
  const before = (isArray(like) ? like : []).map((one) => JSON.stringify(one));
  const now = new Map(list.map((one) => [JSON.stringify(one), one]));
  const names = [...now.keys()];
  const order = orders.find((one) => before.every((name, at) => at === 0 || one(before[at - 1] ?? "", name) <= 0));
  if (order !== undefined) return names.sort(order).map((name) => now.get(name) ?? null);
  const kept = before.filter((name) => now.has(name));
  return [...kept, ...names.filter((name) => !kept.includes(name))].map((name) => now.get(name) ?? null);
}

const numeric = new Intl.Collator("en", { numeric: true });

/** How lists are sorted: letter by letter; where "f1" comes behind "f10", since it was followed by something else; where "f2" comes before "f10". */
const orders: readonly ((one: string, other: string) => number)[] = [
  (one, other) => compare(wordsOf(one, " "), wordsOf(other, " ")),
  (one, other) => compare(wordsOf(one, "\uffff"), wordsOf(other, "\uffff")),
  (one, other) => numeric.compare(wordsOf(one, " "), wordsOf(other, " ")),
];

function compare(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

/** The words of a fact, each before `end`. */
function wordsOf(fact: string, end: string): string {
  return fact.replace(/[()[\]"]/g, "").replace(/[ ,]|$/g, end);
}

/** Null for a state that is not of the form. */
function tell(state: Json, form: FactsForm): Told | null {
  if (!isObject(state)) return null;
  if (form === "texts") return tellTexts(state);
  const facts: Fact[] = [];
  for (const [predicate, value] of Object.entries(state)) {
    const said = form === "lists" ? saidInList(value) : saidInMap(value);
    if (said === null) return null;
    for (const who of said) facts.push([predicate, ...who]);
  }
  return { facts, others: {}, field: "" };
}

function tellTexts(state: JsonObject): Told | null {
  const [field, ...more] = Object.keys(state).filter((key) => isArray(state[key] ?? null));
  const texts = field === undefined ? undefined : state[field];
  if (field === undefined || more.length > 0 || !isArray(texts)) return null;
  const facts: Fact[] = [];
  for (const text of texts) {
    const [, predicate, who] = typeof text === "string" ? (factText.exec(text) ?? []) : [];
    if (predicate === undefined || who === undefined) return null;
    facts.push([predicate, ...who.split(" ").filter((one) => one !== "")]);
  }
  const { [field]: _, ...others } = state;
  return { facts, others, field };
}

function saidInList(value: Json): readonly (readonly string[])[] | null {
  if (!isArray(value)) return null;
  const said = value.map((one) => (isArray(one) ? one : [one]));
  return said.every((who) => who.every((one) => typeof one === "string"))
    ? (said as readonly (readonly string[])[])
    : null;
}

function saidInMap(value: Json): readonly (readonly string[])[] | null {
  if (!isObject(value)) return null;
  const said: string[][] = [];
  for (const [first, second] of Object.entries(value)) {
    if (second === true) said.push([first]);
    else if (typeof second === "string") said.push([first, second]);
    else if (isArray(second) && second.every((one) => typeof one === "string"))
      said.push(...second.map((one) => [first, one]));
    else return null;
  }
  return said;
}
