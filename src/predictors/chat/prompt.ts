/** From a situation to the conversation that a language model completes. Pure but for the example memory, which it asks and feeds. */
import type { RemoteSituation } from "../remote.ts";
import type { Chat, Example } from "./chat.ts";
import type { ExampleMemory } from "./examples.ts";
import type { ChatOptions } from "./options.ts";
import { patchChat } from "./patch-form.ts";
import { textChat } from "./text-form.ts";

/** The paper's few-shot rows have three. */
const paperShots = 3;

export interface Prompt {
  /** The conversation with as many earlier steps as are wanted. */
  readonly whole: Chat;
  /** The conversation without the earlier steps before `from`. */
  shorter(from: number): Chat;
  /** Earlier steps that the situation has. */
  readonly steps: number;
  /** The step number of the first of them. */
  readonly firstStep: number;
}

/**
 * Prompts for situations in their order: what a situation tells of its past becomes an example only after its own prompt was made, so that no
 * prompt of one call sees the outcome of a step that the same call predicts.
 */
export function promptsFor(
  situations: readonly RemoteSituation[],
  options: ChatOptions,
  memory: ExampleMemory | null,
): readonly Prompt[] {
  return situations.map((situation) => {
    const prompt = promptOf(situation, options, memory === null ? [] : examplesFor(situation, options, memory));
    memory?.gather(situation);
    return prompt;
  });
}

function examplesFor(
  situation: RemoteSituation,
  { shots, shotsCount }: ChatOptions,
  memory: ExampleMemory,
): readonly Example[] {
  switch (shots) {
    case "none":
      return [];
    case "paper":
      return memory.fixed(situation, paperShots);
    case "retrieved":
      return memory.similar(situation, shotsCount);
  }
}

function promptOf(situation: RemoteSituation, options: ChatOptions, examples: readonly Example[]): Prompt {
  const steps = situation.history.length;
  const wanted = Math.max(0, steps - options.historySteps);
  const shorter = (from: number) =>
    isText(situation) ? textChat(situation, options, examples, from) : patchChat(situation, examples, from);
  return {
    get whole() {
      return shorter(wanted);
    },
    shorter: (from) => shorter(Math.max(wanted, from)),
    steps,
    firstStep: situation.step - steps,
  };
}

/** Where the state is not known yet, the kind decides. */
function isText({ state, kind }: RemoteSituation): boolean {
  return typeof state === "string" || (state === null && kind === "observation");
}
