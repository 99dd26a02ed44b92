/** From a situation to the conversation that a language model completes. Pure but for the example memory, which it asks and feeds. */
import type { RemoteSituation } from "../remote.ts";
import type { Chat, Example } from "./chat.ts";
import type { ExampleMemory } from "./examples.ts";
import type { ChatOptions } from "./options.ts";
import { patchChat } from "./patch-form.ts";
import { textChat } from "./text-form.ts";

/** Conversations that cannot begin with the episode begin at a multiple of so many steps. */
export const stepsAligned = 8;

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

function promptOf(given: RemoteSituation, options: ChatOptions, examples: readonly Example[]): Prompt {
  const situation = settled(given);
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

/**
 * A window of steps that slides with each step would begin every conversation anew, which no cache of a prefix survives: it begins at a
 * multiple of `stepsAligned`, so that seven prompts of eight continue the one before. Shorter windows are too dear to cut.
 */
function settled(situation: RemoteSituation): RemoteSituation {
  const { history, step } = situation;
  const late = (step - history.length) % stepsAligned;
  if (late <= 0 || history.length < 4 * stepsAligned) return situation;
  return { ...situation, history: history.slice(stepsAligned - late) };
}

/** Where the state is not known yet, the kind decides. */
function isText({ state, kind }: RemoteSituation): boolean {
  return typeof state === "string" || (state === null && kind === "observation");
}
