/** A text as a template: where it repeats an argument or a name, that is what it means to say. */
import type { Json } from "../../json/json.ts";
import type { Expression, Source } from "./expression.ts";
import type { Site } from "./sources.ts";

const charsMax = 400;
const piecesMax = 6;
const pieceCharsMin = 2;

export function explainText(site: Site, text: string): readonly Expression[] {
  if (text.length > charsMax || text.length < 4) return [];
  const pieces = piecesOf(site).filter(({ piece }) => text.includes(piece) && piece !== text);
  if (pieces.length === 0) return [];
  const parts = split(text, pieces.slice(0, piecesMax));
  return parts.some((part) => typeof part !== "string") ? [["text", parts]] : [];
}

interface Piece {
  readonly piece: string;
  readonly source: Source;
}

/** Longest first, so that "red key 2" is not taken for "2". Arguments before attributes. */
function piecesOf(site: Site): readonly Piece[] {
  const pieces: Piece[] = [];
  const seen = new Set<string>();
  const add = (value: Json | undefined, source: Source) => {
    const piece = typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
    if ((piece.length < pieceCharsMin && !/^\d+$/.test(piece)) || piece.length > charsMax || seen.has(piece)) return;
    seen.add(piece);
    pieces.push({ piece, source });
  };
  for (const [path, leaf] of site.leaves ?? []) add(leaf, ["leaf", path]);
  for (const slot of site.scene.action.slots) add(slot.value, ["argument", slot.name]);
  for (const role of [...site.scene.entityRoles(site.entity), ...site.scene.roles]) {
    if (role.far || role.name === "G") continue;
    if (role.entity.collection !== null) add(role.entity.key, ["attribute", role.name, "@key"]);
    const { paths, values } = role.entity.flat;
    for (let at = 0; at < paths.length; at++) {
      const path = paths[at];
      if (path !== undefined && !(role.name === "S" && path === site.path))
        add(values[at], ["attribute", role.name, path.text]);
    }
  }
  return pieces.sort((a, b) => b.piece.length - a.piece.length);
}

function split(text: string, pieces: readonly Piece[]): readonly (string | Source)[] {
  let parts: readonly (string | Source)[] = [text];
  for (const { piece, source } of pieces) {
    parts = parts.flatMap((part) => {
      if (typeof part !== "string") return [part];
      const at = indexOfWord(part, piece);
      if (at < 0) return [part];
      return [part.slice(0, at), source, part.slice(at + piece.length)].filter((one) => one !== "");
    });
  }
  return parts;
}

/** Whole words only. */
function indexOfWord(text: string, word: string): number {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isWordCharacter(text[at - 1]) && !isWordCharacter(text[at + word.length])) return at;
  }
  return -1;
}

function isWordCharacter(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_]/u.test(character);
}
