/**
 * What an episode has shown of its state: the last text that was no refusal, behind which words numbers stood last, and in which text a sentence said
 * so.
 */
import { rememberList } from "../../remembered.ts";
import type { PageBelief } from "../belief.ts";
import { numbers } from "../events/numbers.ts";
import type { PageStructure } from "../structure.ts";
import { aroundOf } from "./outcomes.ts";
import { piecesOf } from "./pieces.ts";

/** Of what is kept of both, the oldest goes first. */
const keptMax = 256;
const valuesMax = 6;

export function keepValues({ refusals }: PageStructure, belief: PageBelief, text: string): void {
  const { seen, saidIn } = belief;
  if (refusals.has(text)) return;
  belief.base = text;
  for (const { text: piece } of piecesOf(text) ?? []) {
    let left = valuesMax;
    for (const found of piece.matchAll(numbers)) {
      if (left-- <= 0) break;
      rememberList(seen, aroundOf(piece.slice(0, found.index)), found[0], keptMax);
    }
    if (left < valuesMax) rememberList(saidIn, piece, text, keptMax);
  }
}
