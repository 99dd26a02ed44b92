/** The text of a template cut into pieces: its words, and each of its lists with where that comes from. */
import { type SegmentSource, type TextSegment, tidied } from "../text-segments.ts";
import { type Belief, ownerOf } from "./belief.ts";
import type { Run } from "./engine.ts";
import { piecesOf, type ReadAction } from "./reading.ts";
import { sourceWords } from "./source-words.ts";
import { listKey, type Source, type Structure } from "./structure.ts";
import { type Filled, listText } from "./values.ts";

export function segmentsOf(
  structure: Structure,
  belief: Belief,
  { args }: ReadAction,
  { template, filled }: Pick<Run, "template" | "filled">,
): readonly TextSegment[] {
  const { texts, styles } = piecesOf(template);
  const pieces: TextSegment[] = [{ text: texts[0] ?? "", source: "words" }];
  for (const [at, article] of styles.entries()) {
    const list = filled[at];
    if (list !== undefined) {
      const text = listText(structure, listKey(template, at), article, list.values) ?? "";
      pieces.push({ text, source: kindOf(list.source, belief, args), detail: detailOf(list) });
    }
    pieces.push({ text: texts[at + 1] ?? "", source: "words" });
  }
  return tidied(pieces);
}

function kindOf(source: Source, belief: Belief, args: ReadAction["args"]): SegmentSource {
  switch (source.from) {
    case "constant":
      return "constant";
    case "owner":
      return source.owner?.of === "last" ? "named" : "argument";
    case "relation": {
      const owner = ownerOf(belief, source.owner, args) ?? "";
      return belief.relations.get(source.relation)?.has(owner) === true ? "contents" : "context";
    }
    case "fellow":
      return "earlier";
    case "place":
      return "memory";
    case "habit":
      return "usual";
  }
}

function detailOf({ source, precision }: Filled): string {
  return `${sourceWords(source)}; right in ${(100 * precision).toFixed(1)} %`;
}
