/** A conversation as language models take it: one system turn, then user and assistant by turns, the last one the user's. */
export type Role = "system" | "user" | "assistant";
export interface Turn {
  readonly role: Role;
  readonly text: string;
}

/**
 * How the answer is to be read. `text`: it is the next observation. `patch`: it is an RFC 6902 patch of the situation's state.
 */
export type ChatForm = "text" | "patch";

export interface Chat {
  readonly form: ChatForm;
  readonly turns: readonly Turn[];
  /** Earlier steps of the situation that are not shown. */
  readonly stepsDropped: number;
}

/** A transition shown as an example. */
export interface Example {
  readonly environment: string;
  readonly episode: string;
  readonly step: number;
  /** Canonical JSON. */
  readonly stateText: string;
  readonly actionText: string;
  readonly nextText: string;
}
