/** A text as a template: where it repeats an argument or a name, that is what it means to say. */
import type { Json } from "../../../json/json.ts";
import type { Expression, Source } from "../expressions/expression.ts";
import { greatestKey, resolveSource, type Site } from "../expressions/sources.ts";
import { type Piece, split } from "../expressions/split-text.ts";
import { momentStyles, writtenMoment, writtenNumber } from "../expressions/written-numbers.ts";
import type { Role } from "../situation/roles.ts";
import { thingsByCollection } from "../state/things.ts";
import { gatheredTexts } from "./explain-query.ts";

const charsMax = 4_000;
const piecesMax = 6;
const pieceCharsMin = 2;
const pieceCharsMax = 400;

/** Templates by how numbers are written in them; the first is the plainest. */
export function explainText(site: Site, text: string): readonly Expression[] {
  if (text.length > charsMax) return [];
  const found = new Map<string, Expression>();
  const numbers = numbersIn(site, text);
  const whole = numbers.filter(({ piece }) => piece === text);
  for (const { source } of whole) found.set(JSON.stringify(source), ["text", [source]]);
  if (text.length < 4) return [...found.values()];
  const texts = gatheredTexts(site, text);
  for (const style of ["plain", "point"]) {
    const pieces = [...ownText(site, text), ...piecesOf(site, style), ...numbers].filter(
      ({ piece }) => text.includes(piece) && piece !== text,
    );
    const parts = split(text, pieces.slice(0, piecesMax));
    if (parts.some((part) => typeof part !== "string")) found.set(JSON.stringify(parts), ["text", parts]);
    const more = withTexts(parts, texts);
    if (more !== parts) found.set(JSON.stringify(more), ["text", more]);
  }
  return [...found.values()];
}

/** What the text was before, where it begins or ends with it. */
function ownText({ entity, path }: Site, text: string): readonly Piece<Source>[] {
  const old = path === null ? undefined : entity.flat.at(path);
  if (typeof old !== "string" || old.length < pieceCharsMin || path === null) return [];
  return text.startsWith(old) || text.endsWith(old) ? [{ piece: old, source: ["attribute", "S", path.text] }] : [];
}

type Parts = readonly (string | Source)[];

/** What is left as it is may be what is gathered from many things. */
function withTexts(parts: Parts, texts: readonly Piece<Source>[]): Parts {
  for (const { piece, source } of texts) {
    const place = parts.findIndex((part) => typeof part === "string" && part.includes(piece));
    const part = parts[place];
    if (typeof part !== "string") continue;
    const at = part.indexOf(piece);
    const around = [part.slice(0, at), source, part.slice(at + piece.length)].filter((one) => one !== "");
    return parts.toSpliced(place, 1, ...around);
  }
  return parts;
}

/** Longest first. Arguments before attributes. */
function piecesOf(site: Site, style: string): readonly Piece<Source>[] {
  const pieces: Piece<Source>[] = [];
  const seen = new Set<string>();
  const add = (value: Json | undefined, source: Source) => {
    const isWritten = typeof value === "number" && style !== "plain";
    const piece = typeof value === "string" ? value : typeof value === "number" ? writtenNumber(value, style) : "";
    if ((piece.length < pieceCharsMin && !/^\d+$/.test(piece)) || piece.length > pieceCharsMax || seen.has(piece))
      return;
    seen.add(piece);
    pieces.push({ piece, source: isWritten ? ["written", source, style] : source });
  };
  for (const [path, leaf] of site.leaves ?? []) add(leaf, ["leaf", path]);
  for (const slot of site.scene.action.slots) add(slot.value, ["argument", slot.name]);
  for (const { name, value } of site.scene.action.slots) {
    for (const form of typeof value === "string" ? momentStyles : [])
      add(writtenMoment(String(value), form) ?? undefined, ["written", ["argument", name], form]);
  }
  for (const role of [...site.scene.entityRoles(site.entity), ...site.scene.roles]) {
    if (role.far || role.name === "G") continue;
    if (role.entity.collection !== null) add(role.entity.key, ["attribute", role.name, "@key"]);
    // Short values of the root stand in texts by chance.
    const isRoot = role.entity.collection === null;
    addAttributes(role, site, (value, source) => {
      if (!isRoot || String(value).length > pieceCharsMin) add(value, source);
    });
  }
  return pieces.sort((a, b) => b.piece.length - a.piece.length);
}

function addAttributes(
  { name, entity }: Role,
  site: Site,
  add: (value: Json | undefined, source: Source) => void,
): void {
  const { paths, values } = entity.flat;
  for (let at = 0; at < paths.length; at++) {
    const path = paths[at];
    if (path !== undefined && !(name === "S" && path === site.path)) add(values[at], ["attribute", name, path.text]);
  }
}

const paddedMax = 4;

/** Numbers that count what is there: the next free one of a collection, the root's counters and one more, with zeros before them or not. */
function numbersIn(site: Site, text: string): readonly Piece<Source>[] {
  const digits = text.match(/\d+/g) ?? [];
  if (digits.length === 0 || digits.length > paddedMax) return [];
  const pieces: Piece<Source>[] = [];
  const add = (source: Source) => {
    const value = resolveSource(source, site);
    if (typeof value !== "number") return;
    for (const piece of digits) {
      if (!Number.isInteger(value) || Number(piece) !== value || pieces.length >= piecesMax) continue;
      if (piece.length <= pieceCharsMin && piece !== text) continue;
      const isPlain = piece === String(value);
      pieces.push({ piece, source: isPlain ? source : ["written", source, `pad${piece.length}`] });
    }
  };
  for (const collection of thingsByCollection(site.scene.canon).keys())
    if (greatestKey(collection, site) !== null) add(["after", collection, 1]);
  const { paths, values } = site.scene.canon.root.flat;
  for (let at = 0; at < paths.length; at++) {
    const [path, value] = [paths[at], values[at]];
    if (path === undefined || typeof value !== "number") continue;
    add(["attribute", "G", path.text]);
    add(["more", ["attribute", "G", path.text], 1]);
  }
  for (const { name, value } of site.scene.action.slots) if (typeof value === "number") add(["argument", name]);
  return pieces;
}
