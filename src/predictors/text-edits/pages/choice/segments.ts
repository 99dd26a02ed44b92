/** A text of a world of pages cut into pieces: a whole text from its source, or the words and slots of a template; then the numbers of its tail. */
import { mix } from "../../../lifted/hash.ts";
import { type TextSegment, tidied } from "../../../text-segments.ts";
import type { Rules, Run } from "../../engine.ts";
import type { Values } from "../../reading.ts";
import { amountOf } from "../amounts/ledger.ts";
import { askedKeys, type PageBelief } from "../belief.ts";
import type { Moved } from "../moved/choice.ts";
import { outcomeWords, stays } from "../moved/outcomes.ts";
import { endOf, endsFor, namesEnd } from "../naming/ends.ts";
import { besideOf } from "../naming/here.ts";
import { namesFor } from "../naming/naming.ts";
import type { PageStructure } from "../structure.ts";
import { type Part, partsIn, type Told } from "../text/lift.ts";
import { inTurn } from "../text/ordinals.ts";
import { proposedBy } from "./proposed.ts";
import { rivalsOf } from "./rivals.ts";
import {
  type Asked,
  firstBehind,
  firstOfFellows,
  firstOfWorlds,
  movedSource,
  rivalSource,
  sourceKinds,
  sourceLabel,
  sourceMark,
  sourceNames,
  waySource,
} from "./sources.ts";
import { numberOf, tailLabel } from "./tails.ts";

export function pageSegments(
  rules: Rules,
  pages: PageStructure,
  belief: PageBelief,
  asked: Asked,
  { template, tail }: Pick<Run, "template" | "tail">,
): readonly TextSegment[] {
  const body = template.startsWith(sourceMark)
    ? wholeText(rules, pages, belief, asked, Number(template.slice(1)))
    : filledText(rules, pages, belief, asked, template);
  return tidied([...body, ...tailText(rules, belief, tail)]);
}

function wholeText(
  rules: Rules,
  pages: PageStructure,
  belief: PageBelief,
  asked: Asked,
  at: number,
): readonly TextSegment[] {
  const source = sourceKinds[at] ?? "earlier";
  const detail = sourceNames[at] ?? "";
  const { texts } = rules.remembered;
  if (at === rivalSource || at === waySource) {
    const rivals = rivalsOf(rules.remembered, belief, asked);
    const text = rivals.find(({ label }) => label === sourceLabel(at))?.text ?? "";
    return [{ text: inTurn(pages.ordinals, text), source, detail }];
  }
  if (at < firstOfWorlds || at >= firstBehind) {
    const { proposals, moved } = proposedBy(rules, pages, belief, asked);
    if (at === movedSource && moved !== null && pages.ordinals === null) return movedText(moved);
    const text = proposals[at] ?? "";
    return [{ text: inTurn(pages.ordinals, text), source, detail }];
  }
  const isFellow = at >= firstOfFellows;
  const key = askedKeys(belief, asked.actionText)[at - (isFellow ? firstOfFellows : firstOfWorlds)] ?? 0;
  const sight = isFellow ? texts.of(mix(key, belief.world), asked.episode) : texts.of(key, belief.world);
  return partsIn(inTurn(pages.ordinals, sight?.text ?? ""), [], belief.told).map((part) =>
    part.hole === null ? { text: part.text, source, detail } : toldPiece(part, belief.told),
  );
}

/** Piece by piece: what stays, and what becomes of the others. */
function movedText({ pieces }: Moved): readonly TextSegment[] {
  return pieces.flatMap(({ piece, now, outcome }, at): readonly TextSegment[] => {
    if (now === null) return [];
    const isFirst = pieces.slice(0, at).every((one) => one.now === null);
    const separator: TextSegment = {
      text: isFirst ? "" : piece.separator,
      source: "earlier",
      detail: "the text before",
    };
    if (outcome === stays) return [separator, { ...separator, text: now }];
    return [separator, { text: now, source: "counted", detail: `"${piece.text}" ${outcomeWords(outcome)}` }];
  });
}

function filledText(
  rules: Rules,
  pages: PageStructure,
  belief: PageBelief,
  asked: Asked,
  template: string,
): readonly TextSegment[] {
  const { args } = asked.action;
  const names = template.includes("\u0001") ? namesFor(rules, belief, asked) : args;
  const ends = namesEnd(template) ? endsFor(rules, pages, belief, asked, names).told : [];
  const told = [...ends, ...belief.told, ...besideOf(pages, belief, asked.action)];
  return partsIn(template, names, told).map((part): TextSegment => {
    if (part.hole === null) return { text: part.text, source: "words" };
    return "told" in part.hole ? toldPiece(part, belief.told) : argumentPiece(part.text, part.hole.argument, args);
  });
}

function argumentPiece(text: string, at: number, args: Values): TextSegment {
  const given = args[at] ?? "";
  return { text, source: "argument", detail: text === given ? `<${at}>` : `<${at}>, "${given}", as it is called` };
}

/** A string of the context, or what stands beside: how the text before shows an argument, how the place is called. */
function toldPiece({ text, hole }: Part, told: readonly Told[]): TextSegment {
  const name = hole !== null && "told" in hole ? hole.told : "";
  if (told.some((one) => one.name === name)) return { text, source: "context", detail: name };
  const amount = amountOf(name);
  if (amount !== null) return { text, source: "argument", detail: `<${amount}>` };
  if (name.startsWith("partner ")) return { text, source: "context", detail: besideWords(name) };
  if (name === "here") return { text, source: "page", detail: "what the place is called" };
  return { text, source: "earlier", detail: name === "turned to" ? "what was turned to last" : besideWords(name) };
}

function besideWords(name: string): string {
  const end = endOf(name);
  if (end !== null) return `<${end}>, behind the end that is taken next`;
  const [what = "", number = ""] = name.split(" ");
  if (what === "partner") return `what the context names together with <${number}>`;
  if (what === "held" || what === "opening" || what === "only") return `what <${number}> is shown to hold`;
  if (number === "block" || number === "listed") return `lines of the text that <${what}> names`;
  const [at = "", after = ""] = name.split(" + ");
  const where = after === "0" ? "as the text before writes it" : `${after} behind it in the text before`;
  return `<${at}>, ${where}`;
}

function tailText({ remembered }: Rules, belief: PageBelief, tail: string): readonly TextSegment[] {
  if (tail === "") return [];
  const label = tailLabel(tail);
  return tail.split(/(\d+)/).map((text, at): TextSegment => {
    if (at % 2 === 0) return { text, source: "words", detail: "an end that comes and goes by itself" };
    const { source, isCounted } = numberOf(label, (at - 1) / 2, belief, remembered);
    return { text, source: isCounted ? "counted" : "constant", detail: source };
  });
}
