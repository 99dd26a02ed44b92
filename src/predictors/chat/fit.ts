/**
 * Fits a conversation into a model's context by leaving out its oldest steps. Where it is cut is a multiple of `stepsAligned` steps of the
 * episode, so that the next steps' prompts begin the same and what was computed of the beginning stays good.
 */
import type { Chat } from "./chat.ts";
import { type Prompt, stepsAligned } from "./prompt.ts";

export interface Fitted {
  readonly chat: Chat;
  readonly tokens: number;
  /** Steps left out because the context was full. */
  readonly stepsDropped: number;
}

/** Null: even without earlier steps it is too long. `tokensOf` grows with the steps shown. */
export function fitChat(prompt: Prompt, tokensOf: (chat: Chat) => number, tokensMax: number): Fitted | null {
  const { whole } = prompt;
  const fitted = (chat: Chat): Fitted | null => {
    const tokens = tokensOf(chat);
    return tokens <= tokensMax ? { chat, tokens, stepsDropped: chat.stepsDropped - whole.stepsDropped } : null;
  };
  const all = fitted(whole);
  if (all !== null) return all;
  const cuts = cutsOf(prompt);
  let best: Fitted | null = null;
  // The earliest cut that fits: cuts grow, tokens fall.
  let [low, high] = [0, cuts.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const tried = fitted(prompt.shorter(cuts[middle] ?? prompt.steps));
    if (tried === null) low = middle + 1;
    else {
      best = tried;
      high = middle - 1;
    }
  }
  return best;
}

function cutsOf({ whole, steps, firstStep }: Prompt): readonly number[] {
  const cuts: number[] = [];
  for (let from = whole.stepsDropped + 1; from < steps; from++) {
    if ((firstStep + from) % stepsAligned === 0) cuts.push(from);
  }
  return [...cuts, steps];
}
