/**
 * An action as a template and slots. A text is scanned for names of entities (longest first), words of the vocabulary (values that change) and
 * numbers; what is left is the template. A structured action has its name and the names of its arguments for a template, arguments for slots.
 */
import { hash16 } from "../../../json/hash.ts";
import type { Json, JsonObject } from "../../../json/json.ts";
import { isArray, isObject } from "../../../json/pointer.ts";
import { hashText, mix } from "../../lifted/hash.ts";
import { beginningOf } from "../../words.ts";
import type { Canon } from "../state/canon.ts";
import type { Entity } from "../state/entity.ts";
import { hashValue } from "../state/flatten.ts";

export interface Slot {
  readonly name: string;
  readonly hash: number;
  readonly value: Json;
  readonly valueHash: number;
  /** The entities that it names. */
  readonly entities: readonly Entity[];
}

export interface ParsedAction {
  readonly template: string;
  readonly templateHash: number;
  /** The first word, or the name. */
  readonly verb: string;
  readonly verbHash: number;
  readonly slots: readonly Slot[];
}

const slotsMax = 24;
/** Forms are kept by what was learnt of them. A longer one, of words without end or keys like them, is known by its beginning and its hash. */
const templateCharsMax = 1_024;
const wordsMax = 64;
/** Names of entities have few words. */
const nameWordsMax = 8;
/** Of a list argument: its first elements are slots of their own. */
const elementsMax = 4;

/** `vocabulary`: words that are literals in texts. At most 24 slots; of a text its first 64 words. */
export function parseAction(action: Json, canon: Canon, vocabulary: ReadonlySet<string>): ParsedAction {
  if (typeof action === "string") return parseText(action, canon, vocabulary);
  const slots: Slot[] = [];
  if (!isObject(action)) {
    addSlot("value", action, canon, slots, 0);
    return made("value", "value", slots);
  }
  const [named, name] = nameOf(action);
  const shape: string[] = [];
  for (const [key, value] of Object.entries(action)) {
    if (key === named) continue;
    if (isObject(value)) {
      for (const [field, member] of Object.entries(value)) addArgument(field, member, canon, slots, shape);
    } else addArgument(key, value, canon, slots, shape);
  }
  return made(`${name}(${shape.sort().join(",")})`, name, slots);
}

function addArgument(name: string, value: Json, canon: Canon, slots: Slot[], shape: string[]): void {
  if (shape.length < slotsMax) shape.push(name);
  addSlot(name, value, canon, slots, 0);
}

function addSlot(name: string, value: Json, canon: Canon, slots: Slot[], depth: number): void {
  if (slots.length >= slotsMax) return;
  slots.push(slotOf(name, value, canon));
  if (depth >= 2 || typeof value !== "object" || value === null) return;
  const members: readonly (readonly [string, Json])[] = isArray(value)
    ? value.slice(0, elementsMax).map((element, at) => [String(at), element] as const)
    : Object.entries(value).slice(0, slotsMax);
  for (const [key, member] of members) addSlot(`${name}.${key}`, member, canon, slots, depth + 1);
}

function slotOf(name: string, value: Json, canon: Canon): Slot {
  const text = typeof value === "string" || typeof value === "number" ? String(value) : null;
  return {
    name,
    hash: hashText(`slot ${name}`),
    value,
    valueHash: hashValue(value),
    entities: text === null ? [] : canon.named(text),
  };
}

/** `name` where there is one, else the first short text among the members. */
function nameOf(action: JsonObject): readonly [string | null, string] {
  if (typeof action["name"] === "string") return ["name", action["name"]];
  for (const [key, value] of Object.entries(action)) {
    if (typeof value === "string" && value.length <= 64) return [key, value];
  }
  return [null, "call"];
}

function parseText(action: string, canon: Canon, vocabulary: ReadonlySet<string>): ParsedAction {
  const words = action.split(/\s+/, wordsMax + 1).filter((word) => word !== "");
  const template: string[] = [];
  const slots: Slot[] = [];
  let mentions = 0;
  let literals = 0;
  for (let at = 0; at < words.length && at < wordsMax; ) {
    const taken = mentionAt(words, at, canon);
    if (taken > 0) {
      const name = words.slice(at, at + taken).join(" ");
      const slot = slotOf(String(mentions++), canon.isNamed(name) ? name : bare(name), canon);
      dropDescription(template, slot.entities[0]);
      template.push("#");
      slots.push(slot);
      at += taken;
      continue;
    }
    const literal = literalAt(words, at, vocabulary);
    if (literal !== null) {
      template.push(typeof literal.value === "number" ? "%" : "$");
      slots.push(slotOf(`$${literals++}`, literal.value, canon));
      at += literal.taken;
      continue;
    }
    template.push(words[at] ?? "");
    at += 1;
  }
  return made(template.join(" "), words[0] ?? "", slots.slice(0, slotsMax));
}

/** Words before a name that only say what the thing is ("positive" before a positive sample) belong to the name. */
function dropDescription(template: string[], entity: Entity | undefined): void {
  if (entity === undefined) return;
  let first = template.length;
  while (first > 1 && entity.flat.values.includes(template[first - 1] ?? "")) first -= 1;
  if (template[first - 1] !== "#") template.length = first;
}

function mentionAt(words: readonly string[], at: number, canon: Canon): number {
  for (let length = Math.min(nameWordsMax, words.length - at); length > 0; length--) {
    const name = length === 1 ? (words[at] ?? "") : words.slice(at, at + length).join(" ");
    if (canon.isNamed(name) || canon.isNamed(bare(name))) return length;
  }
  return 0;
}

function literalAt(
  words: readonly string[],
  at: number,
  vocabulary: ReadonlySet<string>,
): { readonly value: string | number; readonly taken: number } | null {
  for (let length = Math.min(4, words.length - at); length > 0; length--) {
    const text = words.slice(at, at + length).join(" ");
    if (at > 0 && vocabulary.has(text)) return { value: text, taken: length };
  }
  const word = words[at] ?? "";
  return /^-?\d{1,15}(?:\.\d{1,15})?$/.test(word) ? { value: Number(word), taken: 1 } : null;
}

/** Without the punctuation that follows a word. */
function bare(name: string): string {
  return name.replace(/[.,;:!?]+$/, "");
}

function made(whole: string, verb: string, slots: readonly Slot[]): ParsedAction {
  const template =
    whole.length <= templateCharsMax ? whole : `${beginningOf(whole, templateCharsMax / 2)}… ${hash16(whole)}`;
  const templateHash = hashText(template);
  return { template, templateHash: mix(templateHash, 1), verb, verbHash: mix(hashText(verb), 2), slots };
}

/** Texts among the arguments of a call, and what the root says of itself in texts. Words of a text action are no names. */
export function textsOfCall(action: Json, root: Json): ReadonlySet<string> {
  const texts = new Set<string>();
  const visit = (value: Json, depth: number): void => {
    if (typeof value === "string" && texts.size < textsMax) texts.add(value);
    if (typeof value === "object" && value !== null && depth < 3)
      for (const member of Object.values(value)) visit(member, depth + 1);
  };
  if (!isObject(action) || !isObject(action["arguments"] ?? null)) return texts;
  visit(action["arguments"] ?? null, 0);
  for (const value of isObject(root) ? Object.values(root) : []) if (typeof value === "string") visit(value, 0);
  return texts;
}

const textsMax = 32;
