/**
 * Text worlds in the chat form of arXiv 2512.18832: the agent's action is the user's turn, the environment's observation the assistant's. The
 * system turn holds what is known about the environment and the first observation, or the first observation alone. Fine-tuned models were
 * trained on exactly this text; for others a short instruction precedes it, and examples may follow.
 */
import type { Json } from "../../json/json.ts";
import type { Situation } from "../predictor.ts";
import type { Chat, Example, Turn } from "./chat.ts";
import { contextText, tellsMoreThanGoal } from "./context-text.ts";
import type { ChatOptions } from "./options.ts";

const instruction =
  "You are the environment in which an agent acts. Each user message is the agent's next action. Answer with exactly the text that the environment shows next, and nothing else.";

/** `from`: index of the first earlier step whose turns are shown; the first observation is shown in any case. */
export function textChat(
  situation: Situation,
  options: Pick<ChatOptions, "system" | "instructions" | "successSuffix">,
  examples: readonly Example[],
  from: number,
): Chat {
  const { history } = situation;
  const first = shownText(history[0]?.stateText ?? situation.stateText);
  const turns: Turn[] = [{ role: "system", text: systemText(situation, options, examples, first) }];
  for (const [at, { actionText }] of history.entries()) {
    if (at < from) continue;
    turns.push({ role: "user", text: shownText(actionText) });
    turns.push({ role: "assistant", text: shownText(history[at + 1]?.stateText ?? situation.stateText) });
  }
  turns.push({ role: "user", text: shownText(situation.actionText) });
  return { form: "text", turns, stepsDropped: Math.min(from, history.length) };
}

function systemText(
  { context }: Situation,
  { system, instructions, successSuffix }: Pick<ChatOptions, "system" | "instructions" | "successSuffix">,
  examples: readonly Example[],
  first: string,
): string {
  const asEnvironment = system === "environment" || (system === "auto" && tellsMoreThanGoal(context));
  const own = asEnvironment
    ? `# Environment Information (Only visible to Assistant)\n\n${contextText(context, first)}\n\n# User Environment Information (Displayed to User)\n\n${first}\n`
    : first;
  const parts = [
    ...(instructions === "brief" ? [`${instruction}${successHint(successSuffix)}`] : []),
    ...(examples.length === 0 ? [] : [exampleText(examples)]),
    own,
  ];
  return parts.join("\n\n");
}

function successHint(suffix: string): string {
  return suffix === "" ? "" : ` When the action completes the agent's task, the text ends with "${suffix}".`;
}

function exampleText(examples: readonly Example[]): string {
  const shown = examples.map(
    ({ stateText, actionText, nextText }, at) =>
      `Example ${at + 1}\nBefore: ${shownText(stateText)}\nAction: ${shownText(actionText)}\nNext: ${shownText(nextText)}`,
  );
  return `# Examples\n\n${shown.join("\n\n")}`;
}

/** Texts as they are, other JSON canonical; what is not known is empty. */
export function shownText(jsonText: string): string {
  const value: Json = JSON.parse(jsonText);
  if (value === null) return "";
  return typeof value === "string" ? value : jsonText;
}
