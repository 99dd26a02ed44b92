/**
 * Structured worlds as a conversation: the model is given the whole state with the action, and asked for an RFC 6902 patch that leads to the
 * next state. Earlier steps are shown as action and patch; their states would fill the context without telling more.
 */
import type { Json, Patch } from "../../json/json.ts";
import { diffPatch } from "../../json/patch.ts";
import type { Situation } from "../predictor.ts";
import type { Chat, Example, Turn } from "./chat.ts";
import { contextText } from "./context-text.ts";
import { shownText } from "./text-form.ts";

const instruction = `You are the environment in which an agent acts. You are given its state as JSON and the agent's next action. Answer with the change that the action makes, as a JSON Patch (RFC 6902): a JSON array of operations, each {"op":"add","path":"/a/b","value":…}, {"op":"replace","path":"/a/b","value":…} or {"op":"remove","path":"/a/b"}. Paths are JSON Pointers into the state. Answer [] when nothing changes. Write the array and nothing else.`;

/** A state longer than this is not repeated in an example: its patch tells enough. In UTF-16 units. */
const exampleStateMax = 1_500;

export function patchChat(situation: Situation, examples: readonly Example[], from: number): Chat {
  const { history, context } = situation;
  const known = contextText(context, "");
  const system = [
    instruction,
    ...(known === "" ? [] : [`# Environment\n\n${known}`]),
    ...(examples.length === 0 ? [] : [`# Examples\n\n${examples.map(exampleText).join("\n\n")}`]),
  ];
  const turns: Turn[] = [{ role: "system", text: system.join("\n\n") }];
  const states = history.slice(from).map(({ stateText }) => parsed(stateText));
  states.push(situation.state);
  for (const [at, { actionText }] of history.slice(from).entries()) {
    turns.push({ role: "user", text: `Action: ${shownText(actionText)}` });
    turns.push({ role: "assistant", text: patchText(states[at] ?? null, states[at + 1] ?? null) });
  }
  turns.push({ role: "user", text: `State: ${situation.stateText}\n\nAction: ${shownText(situation.actionText)}` });
  return { form: "patch", turns, stepsDropped: Math.min(from, history.length) };
}

function exampleText({ stateText, actionText, nextText }: Example, at: number): string {
  const state = stateText.length > exampleStateMax ? "" : `State: ${stateText}\n`;
  const patch = patchText(parsed(stateText), parsed(nextText));
  return `Example ${at + 1}\n${state}Action: ${shownText(actionText)}\nAnswer: ${patch}`;
}

function patchText(before: Json, after: Json): string {
  const patch: Patch = diffPatch(before, after);
  return JSON.stringify(patch);
}

function parsed(text: string): Json {
  return JSON.parse(text);
}
