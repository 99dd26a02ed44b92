/** Which questions about many things a value answers: the candidate labels of lists, maps and joined texts. */
import { equalJson } from "../../../json/diff.ts";
import type { Json } from "../../../json/json.ts";
import { isArray, isObject } from "../../../json/pointer.ts";
import { conditionsOf, type Picked } from "../expressions/conditions.ts";
import type { Source } from "../expressions/expression.ts";
import { formsOf } from "../expressions/forms.ts";
import {
  answered,
  betweens,
  type Condition,
  type Form,
  fieldOf,
  type Gathering,
  gathered,
  itself,
  type Operator,
  type Query,
} from "../expressions/query.ts";
import { type Gone, rangesIn } from "../expressions/ranges.ts";
import type { Site } from "../expressions/sources.ts";
import type { Piece } from "../expressions/split-text.ts";
import { hashValue } from "../state/flatten.ts";

const queriesMax = 24;
const ofRangeMax = 12;
const pairsMax = 12;

/** What is empty answers any question: none is found for it. */
export function explainQuery(site: Site, value: Json): readonly Query[] {
  const found = new Map<string, Query>();
  const wanted = wantedOf(value);
  if (wanted === null) return [];
  for (const gone of rangesIn(site.scene)) {
    if (gone.members.length < wanted.values.length || isOwn(gone, site)) continue;
    for (const query of ofRange(site, gone, value, wanted)) {
      found.set(JSON.stringify(query), query);
      if (found.size >= queriesMax) return [...found.values()];
    }
  }
  return [...found.values()];
}

/** What is told, one by one; of a map with its keys. */
interface Wanted {
  readonly values: readonly Json[];
  readonly keys: readonly string[] | null;
}

function wantedOf(value: Json): Wanted | null {
  if (isArray(value)) return value.length === 0 ? null : { values: value, keys: null };
  if (!isObject(value)) return null;
  const keys = Object.keys(value);
  return keys.length === 0 ? null : { values: Object.values(value), keys };
}

/** What the row itself holds is no explanation of what it becomes. */
function isOwn({ range }: Gone, { entity, path }: Site): boolean {
  if (range[0] !== "members" || path === null || entity.collection !== null) return false;
  const own = `/${path.pointer.join("/")}`;
  return range[1] === "G" && (range[2] === own || range[2].startsWith(`${own}/`));
}

function* ofRange(site: Site, gone: Gone, value: Json, wanted: Wanted): Generator<Query> {
  let count = 0;
  // What is listed in two ways is picked in the same.
  let [pickedLast, ways]: [readonly number[] | null, readonly (readonly Condition[])[]] = [null, []];
  for (const { form, gathering, picked } of tellings(site, gone, wanted)) {
    if (picked !== pickedLast) [pickedLast, ways] = [picked, [...waysToPick(site, gone, picked)]];
    for (const conditions of ways) {
      const query: Query = [gone.range, conditions, form, gathering];
      if (++count > ofRangeMax) return;
      yield query;
    }
  }
  if (wanted.keys !== null) return;
  yield* ends(site, gone, value);
}

interface Telling {
  readonly form: Form;
  readonly gathering: Gathering;
  readonly picked: readonly number[];
}

function* tellings(site: Site, gone: Gone, { values, keys }: Wanted): Generator<Telling> {
  if (keys === null) {
    const hashes = values.map(hashValue);
    for (const field of gone.fields) {
      const picked = sequence(hashes, gone.hashes(field));
      if (picked !== null) yield* listings(["field", field], picked);
    }
    for (const { form, picked } of formsOf(site, gone, values, null)) yield* listings(form, picked);
    return;
  }
  const names = keys.map(hashValue);
  for (const field of gone.fields) {
    const picked = field === itself && gone.range[0] !== "elements" ? null : places(names, gone.hashes(field));
    if (picked === null) continue;
    // Keys have an order of their own: it says nothing of that of the members.
    const inOrder = [...picked].sort((a, b) => a - b);
    for (const { form } of formsOf(site, gone, values, picked))
      yield { form, gathering: ["map", field], picked: inOrder };
  }
  if (values.every(isArray)) yield* groupings(site, gone, values, keys);
}

/** Of all members, by a field of theirs. */
function* groupings(site: Site, gone: Gone, values: readonly Json[], keys: readonly string[]): Generator<Telling> {
  const wanted = Object.fromEntries(keys.map((key, at) => [key, values[at] ?? null]));
  const picked = [...gone.members.keys()];
  for (const field of gone.fields) {
    for (const told of gone.fields) {
      const telling: Telling = { form: ["field", told], gathering: ["group", field], picked };
      const made = field === told ? undefined : gathered(gone.members, telling.form, telling.gathering, site);
      if (made !== undefined && equalJson(made, wanted)) yield telling;
    }
  }
}

function* listings(form: Form, picked: readonly number[]): Generator<Telling> {
  yield { form, gathering: ["some"], picked };
  yield { form, gathering: ["list"], picked };
}

/** The members that are told, in their order; null where they are not all there. */
function sequence(wanted: readonly number[], all: Int32Array): readonly number[] | null {
  const picked: number[] = [];
  for (let at = 0; at < all.length && picked.length < wanted.length; at++)
    if (all[at] === wanted[picked.length]) picked.push(at);
  return picked.length === wanted.length ? picked : null;
}

/** Where each of them is; null where one is nowhere. */
function places(wanted: readonly number[], all: Int32Array): readonly number[] | null {
  const picked = wanted.map((hash) => all.indexOf(hash));
  return picked.includes(-1) ? null : picked;
}

function* waysToPick(site: Site, gone: Gone, picked: readonly number[]): Generator<readonly Condition[]> {
  if (picked.length === gone.members.length) yield [];
  const found = conditionsOf(site, gone, picked);
  for (const { condition, met } of found) if (met.length === picked.length) yield [condition];
  const wider = found.filter(({ met }) => met.length > picked.length && met.length < gone.members.length);
  for (const [at, one] of wider.slice(0, pairsMax).entries()) {
    for (const other of wider.slice(at + 1, pairsMax))
      if (areApart(one, other) && common(one, other) === picked.length) yield [one.condition, other.condition];
  }
}

function areApart({ condition: a }: Picked, { condition: b }: Picked): boolean {
  return a[1] !== b[1] && (a[2][0] === "constant" || JSON.stringify(a[2]) !== JSON.stringify(b[2]));
}

function common({ met: a }: Picked, { met: b }: Picked): number {
  const own = new Set(a);
  return b.filter((at) => own.has(at)).length;
}

/** The last ones, as many as an argument says. */
function* ends(site: Site, gone: Gone, value: Json): Generator<Query> {
  for (const { name, value: count } of site.scene.action.slots) {
    if (typeof count !== "number" || !isArray(value) || value.length > count) continue;
    const gathering: Gathering = ["last", ["argument", name]];
    const made = gathered(gone.members, ["field", itself], gathering, site);
    if (made !== undefined && equalJson(made, value)) yield [gone.range, [], ["field", itself], gathering];
  }
}

const textsMax = 12;

/** Texts within the text that are gathered from several members, the longest first. */
export function gatheredTexts(site: Site, text: string): readonly Piece<Source>[] {
  const found: Piece<Source>[] = [];
  for (const gone of rangesIn(site.scene)) {
    if (isOwn(gone, site) || found.length >= textsMax) continue;
    for (const field of gone.fields) {
      for (const { picked, between } of runs(site, gone, field, text)) {
        for (const conditions of waysToPick(site, gone, picked)) {
          const query: Query = [gone.range, conditions, ["field", field], ["join", between]];
          const piece = answered(query, site);
          if (typeof piece === "string" && piece !== "") found.push({ piece, source: ["query", query] });
        }
      }
    }
  }
  return found.sort((a, b) => b.piece.length - a.piece.length).slice(0, textsMax);
}

/** The longest run of members' texts, in their order, with the same text between them. */
function* runs(
  site: Site,
  gone: Gone,
  field: string,
  text: string,
): Generator<{ readonly picked: readonly number[]; readonly between: string }> {
  const names = gone.members.map((member) => fieldOf(member, field, site));
  const there = names.flatMap((name, at) =>
    typeof name === "string" && name.length > 1 && text.includes(name) ? [at] : [],
  );
  if (there.length < 2) return;
  for (const between of betweens) {
    const joined = there.map((at) => names[at]).join(between);
    if (text.includes(joined)) yield { picked: there, between };
  }
}

const countsMax = 8;
/** Many numbers are how many are greater than something. */
const equalities: readonly Operator[] = ["is"];

/** Questions of how many there are. */
export function countsOf(site: Site, value: number): readonly Query[] {
  const found: Query[] = [];
  if (!Number.isInteger(value) || value < 1) return found;
  for (const gone of rangesIn(site.scene)) {
    if (gone.members.length < value || isOwn(gone, site) || found.length >= countsMax) continue;
    const ways =
      gone.members.length === value ? [[]] : conditionsOf(site, gone, [], equalities).flatMap(countedBy(value));
    for (const conditions of ways) found.push([gone.range, conditions, ["field", itself], ["count"]]);
    for (const field of gone.fields)
      if (field !== itself && new Set(gone.hashes(field)).size === value)
        found.push([gone.range, [], ["field", field], ["kinds"]]);
  }
  return found.slice(0, countsMax);
}

function countedBy(value: number): (picked: Picked) => readonly (readonly Condition[])[] {
  return ({ condition, met }) => (met.length === value ? [[condition]] : []);
}

const lookedUpMax = 6;

/** A field of the first that meets a condition. */
export function lookedUp(site: Site, value: Json): readonly Query[] {
  const found = new Map<string, Query>();
  const add = (query: Query) => {
    if (found.size < lookedUpMax) found.set(JSON.stringify(query), query);
  };
  if (typeof value !== "string" && typeof value !== "number") return [];
  const hash = hashValue(value);
  for (const gone of rangesIn(site.scene)) {
    if (isOwn(gone, site) || found.size >= lookedUpMax) continue;
    for (const field of gone.fields) {
      const at = gone.hashes(field).indexOf(hash);
      if (at < 0) continue;
      for (const { condition, met } of conditionsOf(site, gone, [at], equalities)) {
        if (met[0] === at && condition[1] !== field) add([gone.range, [condition], ["field", field], ["first"]]);
      }
    }
  }
  return [...found.values()];
}
