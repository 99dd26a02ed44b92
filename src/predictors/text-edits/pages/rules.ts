/** What was decided about a world of pages as rules in words: where actions lead, and what they do to texts that were seen before. */
import { type LearntRule, ruleId } from "../../learnt-rules.ts";
import { contentText } from "../../rule-orders.ts";
import { shownTemplate } from "../reading.ts";
import type { RuleContent } from "../rule-content.ts";
import { partsOfEvent } from "../structure.ts";
import { isOnly, moreMark, withoutAlone, wordedMark } from "./events/edit-words.ts";
import { comes, gone } from "./events/edits.ts";
import { endWords } from "./events/empties.ts";
import { beyond } from "./events/event.ts";
import { letteredWords } from "./events/lettered.ts";
import { anywhere, calledMark, entranceOf, listedMark } from "./events/lists.ts";
import { contentsAre, contentsGo, contentsIn, toAnswer, toHere, toNamed, toNowhere } from "./events/moves.ts";
import type { PageStructure } from "./structure.ts";

type PageContent = Extract<RuleContent, { readonly is: "mover" | "move" | "back" | "change" | "letters" | "amount" }>;

export function* pageRules({ movers, moves, inverses, edits, lettered, ledger }: PageStructure): Generator<LearntRule> {
  for (const mover of movers) yield pageRule({ is: "mover", mover });
  for (const [event, to] of moves) yield pageRule({ is: "move", event, to });
  for (const [action, back] of inverses) yield pageRule({ is: "back", action, back });
  for (const [key, outcome] of edits) yield pageRule({ is: "change", key, outcome });
  for (const [key, outcome] of lettered) yield pageRule({ is: "letters", key, outcome });
  for (const [key, effect] of ledger?.effects ?? []) yield pageRule({ is: "amount", key, effect });
}

export function pageRule(content: PageContent): LearntRule {
  const figures = { support: null, tried: null, content: contentText(content), order: null };
  switch (content.is) {
    case "mover": {
      const [action, form] = partsOfEvent(content.mover);
      const says = "leads to the place that the answer names";
      const id = ruleId("effect", content.mover);
      return { ...figures, id, kind: "effect", action: shownTemplate(action), says, when: [answerIs(form)] };
    }
    case "move": {
      const [action, form] = partsOfEvent(content.event);
      const says = moveWords(content.to);
      const id = ruleId("effect", content.event, content.to);
      return { ...figures, id, kind: "effect", action: shownTemplate(action), says, when: [answerIs(form)] };
    }
    case "back": {
      const { action, back } = content;
      const says = `leads elsewhere; "${back}" leads back`;
      return { ...figures, id: ruleId("effect", action, back), kind: "effect", action, says, when: [] };
    }
    case "letters": {
      const [action = "", answer = "", head = ""] = content.key.split("\u0003");
      const says = `on the page where it happens, a sentence that begins with "${head}" and names it ${letteredWords(content.outcome)}`;
      const id = ruleId("change", content.key, content.outcome);
      return {
        ...figures,
        id,
        kind: "change",
        action: shownTemplate(action),
        says,
        when: [`the answer begins with "${answer}"`],
      };
    }
    case "amount": {
      const [action = "", form = "", at = ""] = content.key.split("\u0003");
      const says = `there is <${Math.abs(content.effect) - 1}> ${content.effect > 0 ? "more" : "less"} of <${at}>`;
      const id = ruleId("effect", content.key, String(content.effect));
      return { ...figures, id, kind: "effect", action: shownTemplate(action), says, when: [answerIs(form)] };
    }
    case "change": {
      const ends = endWords(content.key, content.outcome);
      const id = ruleId("change", content.key, content.outcome);
      if (ends !== null) return { ...figures, id, kind: "change", action: "", says: ends, when: [] };
      const [action = "", form = "", standing = "", lifted = ""] = content.key.split("\u0003");
      return {
        ...figures,
        id,
        kind: "change",
        action: shownTemplate(action),
        says: `${standingWords(standing)}${changeWords(lifted, content.outcome)}`,
        when: [answerIs(form)],
      };
    }
  }
}

function moveWords(to: string): string {
  if (to.startsWith(contentsIn)) {
    const { at, staying } = contentsGo(to);
    return `takes what <0> holds into <${at}>${staying.length === 0 ? "" : `, but for ${staying.join(", ")}`}`;
  }
  if (to.startsWith(contentsAre)) return `makes what <0> holds ${to.slice(contentsAre.length)}`;
  return `takes <0> ${destinationWords(to)}`;
}

function destinationWords(to: string): string {
  if (to === toHere) return "to the page of this place";
  if (to === toNowhere) return "from every text";
  if (to.startsWith(toAnswer)) return `into the answer to "${to.slice(toAnswer.length)}"`;
  return `into <${to.slice(toNamed.length)}>`;
}

function answerIs(form: string): string {
  return `the answer is "${shownTemplate(form)}"`;
}

function standingWords(standing: string): string {
  if (standing === anywhere) return "wherever it is shown, ";
  return `${placeWords(standing)}, `;
}

function placeWords(standing: string): string {
  if (standing === "here") return "on the page where it happens";
  if (standing === "elsewhere") return "on other pages";
  if (standing === beyond) return "on the page of a place that its name names";
  if (standing.startsWith("at ")) return `on the page that <${standing.slice(3)}> names`;
  return `in the answer to "${shownTemplate(standing.replace(/^answer /, ""))}"`;
}

function changeWords(lifted: string, outcome: string): string {
  if (lifted === comes) return `"${shownTemplate(outcome.slice(outcome.indexOf("\u0003") + 1))}" comes`;
  if (lifted.startsWith(listedMark)) return listWords(lifted.slice(listedMark.length), outcome);
  if (lifted.startsWith(calledMark))
    return `"${shownTemplate(lifted.slice(calledMark.length))}" becomes "${shownTemplate(outcome)}"`;
  if (lifted.startsWith(moreMark))
    return `"${shownTemplate(outcome.trim())}" comes behind "${shownTemplate(lifted.slice(moreMark.length))}"`;
  if (lifted.startsWith(wordedMark)) return `"${lifted.slice(wordedMark.length)}" becomes "${shownTemplate(outcome)}"`;
  const text = `"${shownTemplate(withoutAlone(lifted))}"${isOnly(lifted) ? ", alone in its block," : ""}`;
  return outcome === gone ? `${text} goes` : `${text} becomes "${shownTemplate(outcome)}"`;
}

function listWords(at: string, outcome: string): string {
  const entrance = entranceOf(outcome);
  if (entrance === null) return `<${at}> leaves the list that shows it`;
  const { before, after, isFirst } = entrance;
  return `<${at}> comes to the ${isFirst ? "beginning" : "end"} of the list in "${shownTemplate(`${before}…${after}`)}"`;
}
