/**
 * What rules may ask of a moment: the action, the types of its arguments, their relations, what happened to them and in which order. The order
 * of happenings stands for state that no text names ("opened after closed").
 */
import { hashText, mix } from "../lifted/hash.ts";
import { type Family, families, tokenOf } from "../lifted/tokens.ts";
import { withArticle } from "../words.ts";
import { type Belief, type Happening, relationOf } from "./belief.ts";
import { nobody } from "./context.ts";
import { type ReadAction, shownTemplate, typeOf, type Values } from "./reading.ts";
import { partsOfEvent, partsOfLast, type Structure } from "./structure.ts";
import type { TokenWriter } from "./token-writer.ts";

/** Happenings of one thing, and of all, that are asked for. */
const ownMax = 8;
const allMax = 10;
const lastMax = 64;

const { action: ofForm, relation: ofRelation, self: ofHappening, addressed: ofOrder, name: ofType } = families;
const { global: ofAll } = families;

export function writeFeatures(writer: TokenWriter, structure: Structure, belief: Belief, action: ReadAction): void {
  writer.begin();
  const { args } = action;
  put(writer, ofForm, 1, hashText(action.template), () => `the action is ${shownTemplate(action.template)}`);
  for (let at = 0; at < args.length; at++) {
    const thing = args[at] ?? "";
    const named = `<${at}>`;
    put(writer, ofType, mix(2, at), hashText(typeOf(thing)), () => `${named} is ${withArticle(typeOf(thing))}`);
    putRelations(writer, structure, belief, args, at);
    putAttributes(writer, structure, belief, thing, at);
    putHappenings(writer, belief.happened.get(thing) ?? [], at);
  }
  putLast(writer, structure, belief, args);
  for (const relation of structure.relations) {
    const own = relationOf(belief, relation, nobody);
    putSize(writer, mix(10, hashText(relation)), own, () => relation);
  }
  putAll(writer, belief.happenedAtAll);
}

export function put(writer: TokenWriter, family: Family, a: number, b: number, words: () => string): void {
  if (writer.put(tokenOf(family, a, b))) writer.say(words());
}

function putSize(writer: TokenWriter, what: number, values: Values | undefined, name: () => string): void {
  const size = values === undefined ? 2 : values.length === 0 ? 0 : 1;
  put(writer, ofRelation, what, size, () => `${name()} is ${["empty", "not empty", "not known"][size]}`);
}

function putRelations(writer: TokenWriter, structure: Structure, belief: Belief, args: Values, at: number): void {
  const thing = args[at] ?? "";
  for (const relation of structure.relations) {
    const hash = hashText(relation);
    const own = relationOf(belief, relation, thing);
    putSize(writer, mix(mix(3, at), hash), own, () => `${relation} of <${at}>`);
    for (let other = 0; other < args.length && own !== undefined; other++) {
      if (other === at || !own.includes(args[other] ?? "")) continue;
      put(writer, ofRelation, mix(mix(4, at), hash), other, () => `<${other}> is in ${relation} of <${at}>`);
    }
    if (relationOf(belief, relation, nobody)?.includes(thing) === true)
      put(writer, ofRelation, mix(5, at), hash, () => `<${at}> is in ${relation}`);
  }
}

function putAttributes(writer: TokenWriter, structure: Structure, belief: Belief, thing: string, at: number): void {
  for (const name of structure.attributes) {
    const value = belief.facts.attributes.get(name)?.get(thing) ?? "not known";
    const what = mix(mix(6, at), hashText(name));
    put(writer, ofRelation, what, hashText(value), () => `${name} of <${at}> was ${value} at first`);
  }
}

export function putHappenings(writer: TokenWriter, all: readonly Happening[], at: number): void {
  const count = Math.min(ownMax, all.length);
  for (let newer = 0; newer < count; newer++) {
    const one = all[newer];
    if (one === undefined) continue;
    if (newer === 0)
      put(writer, ofHappening, mix(7, at), one.id, () => `the last that happened to <${at}>: ${shown(one)}`);
    put(writer, ofHappening, mix(8, at), one.id, () => `this happened to <${at}>: ${shown(one)}`);
    for (let older = newer + 1; older < count; older++) {
      const other = all[older];
      if (other === undefined) continue;
      put(
        writer,
        ofOrder,
        mix(mix(9, at), one.id),
        other.id,
        () => `of <${at}>: ${shown(one)}, later than: ${shown(other)}`,
      );
    }
  }
}

/** What earlier actions named last. */
function putLast(writer: TokenWriter, structure: Structure, belief: Belief, args: Values): void {
  let left = lastMax;
  for (const [key, thing] of belief.last) {
    if (left-- === 0) break;
    const hash = hashText(key);
    const words = () => {
      const [at, template] = partsOfLast(key);
      return `<${at}> of the last ${shownTemplate(template)}`;
    };
    put(writer, ofType, mix(11, hash), hashText(typeOf(thing)), () => `${words()} is ${withArticle(typeOf(thing))}`);
    for (let at = 0; at < args.length; at++)
      if (args[at] === thing) put(writer, ofHappening, mix(12, at), hash, () => `<${at}> is ${words()}`);
    for (const relation of structure.relations) {
      const own = relationOf(belief, relation, thing);
      if (own !== undefined)
        putSize(writer, mix(mix(13, hash), hashText(relation)), own, () => `${relation} of ${words()}`);
    }
  }
  if (belief.last.size === 0) put(writer, ofOrder, 14, 0, () => "nothing was named before");
}

export function putAll(writer: TokenWriter, all: readonly Happening[]): void {
  const count = Math.min(allMax, all.length);
  for (let newer = 0; newer < count; newer++) {
    const one = all[newer];
    if (one === undefined) continue;
    if (newer === 0) put(writer, ofAll, 15, one.id, () => `the step before: ${shown(one)}`);
    put(writer, ofAll, 16, one.id, () => `this happened: ${shown(one)}`);
    for (let older = newer + 1; older < count; older++) {
      const other = all[older];
      if (other !== undefined)
        put(writer, ofAll, mix(17, one.id), other.id, () => `${shown(one)}, later than: ${shown(other)}`);
    }
  }
}

function shown({ key, at }: Happening): string {
  const [action, template] = partsOfEvent(key);
  return `${at < 0 ? "" : `as <${at}> of `}"${shownTemplate(action)}" → "${shownTemplate(template).slice(0, 60)}"`;
}
