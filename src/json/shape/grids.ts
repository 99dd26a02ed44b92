/** Which arrays are grids: rows of as many cells each, as arrays or as texts of characters. */
import type { Json, JsonArray } from "../json.ts";
import { isArray } from "../pointer.ts";

/** Fewer rows or cells are records without names. */
const sideMin = 3;
/** Larger grids are read as a whole: each cell is a row of rules. */
const sideMax = 32;
/** A character that comes so often in one row: words seldom have one. */
const repeatedMin = 3;

export function isGrid(value: JsonArray): boolean {
  const [first] = value;
  if (value.length < sideMin || value.length > sideMax) return false;
  if (isArray(first)) return isSide(first.length) && value.every((row) => isArray(row) && isRow(row, first.length));
  if (typeof first !== "string" || !isSide(first.length)) return false;
  let isDrawn = false;
  for (const row of value) {
    if (typeof row !== "string" || row.length !== first.length || isWritten(row)) return false;
    isDrawn ||= hasRepeated(row);
  }
  return isDrawn;
}

function isSide(length: number): boolean {
  return length >= sideMin && length <= sideMax;
}

function isRow(row: JsonArray, length: number): boolean {
  return row.length === length && row.every(isScalar);
}

function isScalar(value: Json): boolean {
  return value === null || typeof value !== "object";
}

/** Digits are of numbers, dates and identities. */
function isWritten(row: string): boolean {
  return /\d/.test(row);
}

function hasRepeated(row: string): boolean {
  return [...new Set(row)].some((character) => row.split(character).length > repeatedMin);
}
