/** What was decided about a world of pages as rules in words: where actions lead, and what they do to texts that were seen before. */
import { type LearntRule, ruleId } from "../../learnt-rules.ts";
import { shownTemplate } from "../reading.ts";
import { partsOfEvent } from "../structure.ts";
import { comes, gone, isOnly, withoutAlone } from "./edits.ts";
import type { PageStructure } from "./structure.ts";

export function* pageRules({ movers, inverses, edits }: PageStructure): Generator<LearntRule> {
  for (const [key, at] of movers) {
    const [action, form] = partsOfEvent(key);
    const when = [`the answer is "${shownTemplate(form)}"`];
    yield rule("effect", shownTemplate(action), `leads to the place that <${at}> names`, when, [key, String(at)]);
  }
  for (const [action, back] of inverses)
    yield rule("effect", action, `leads elsewhere; "${back}" leads back`, [], [action, back]);
  for (const [key, outcome] of edits) {
    const [action = "", form = "", standing = "", lifted = ""] = key.split("\u0003");
    const when = [`the answer is "${shownTemplate(form)}"`];
    const says = `${standingWords(standing)}, ${changeWords(lifted, outcome)}`;
    yield rule("change", shownTemplate(action), says, when, [key, outcome]);
  }
}

function rule(
  kind: "effect" | "change",
  action: string,
  says: string,
  when: readonly string[],
  parts: readonly string[],
): LearntRule {
  return { id: ruleId(kind, ...parts), kind, action, says, when, support: null, tried: null };
}

function standingWords(standing: string): string {
  if (standing === "here") return "on the page where it happens";
  if (standing === "elsewhere") return "on other pages";
  if (standing.startsWith("at ")) return `on the page that <${standing.slice(3)}> names`;
  return `in the answer to "${shownTemplate(standing.replace(/^answer /, ""))}"`;
}

function changeWords(lifted: string, outcome: string): string {
  if (lifted === comes) return `"${shownTemplate(outcome.slice(outcome.indexOf("\u0003") + 1))}" comes`;
  const text = `"${shownTemplate(withoutAlone(lifted))}"${isOnly(lifted) ? ", alone in its block," : ""}`;
  return outcome === gone ? `${text} goes` : `${text} becomes "${shownTemplate(outcome)}"`;
}
