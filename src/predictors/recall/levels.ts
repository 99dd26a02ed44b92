/**
 * The four levels of recall, finest first. Each gives a key for a situation and says how the remembered text becomes a next state:
 *
 *   0 exact          (state, action)                 the next state as it was
 *   1 lifted         (lifted state, lifted action)   the lifted next state, slots filled with this action's arguments
 *   2 lifted action  (lifted action)                 likewise
 *   3 name           (the action's name)             likewise
 *
 * What is remembered is a canonical text: the next state for text worlds, the RFC 6902 patch for structured ones.
 */
import { hash } from "node:crypto";
import type { Kind } from "../../codec/records.ts";
import type { Json } from "../../json/json.ts";
import { jsonWriting, type Lifting, liftAction } from "../lift-action.ts";

export const levels = [0, 1, 2, 3] as const;
export type Level = (typeof levels)[number];

export interface Keys {
  readonly lifting: Lifting;
  readonly stateText: string;
  /** By level: the key under which this situation is remembered. */
  readonly keys: readonly [string, string, string, string];
}

/** The keys of the newest situation: a step is predicted and learnt one after the other. */
let newest: {
  readonly kind: Kind;
  readonly stateText: string;
  readonly actionText: string;
  readonly keys: Keys;
} | null = null;

export function keysOf(kind: Kind, stateText: string, actionText: string, action: Json): Keys {
  if (newest?.kind === kind && newest.actionText === actionText && newest.stateText === stateText) return newest.keys;
  const keys = makeKeys(kind, stateText, actionText, action);
  newest = { kind, stateText, actionText, keys };
  return keys;
}

function makeKeys(kind: Kind, stateText: string, actionText: string, action: Json): Keys {
  // A structured state is lifted by its arguments alone: looking for action words in it would take keys for mentions.
  const lifting = liftAction(action, kind === "observation" ? stateText : "", jsonWriting);
  const lifted = kind === "observation" ? lifting.lift(stateText) : "";
  return {
    lifting,
    stateText,
    keys: [
      keyOf("0", stateText, actionText),
      // Without the state this level would be level 2 again; structured states are matched exactly or not at all.
      kind === "observation" ? keyOf("1", lifted, lifting.action) : keyOf("1", "", actionText),
      keyOf("2", "", lifting.action),
      keyOf("3", "", lifting.name),
    ],
  };
}

/** A level's digit and 16 characters of base64url, none of which JSON escapes. */
export const keyChars = 17;

/** 96 bits of SHA-256, base64url: collisions among millions of entries are out of question. */
function keyOf(level: string, state: string, action: string): string {
  return level + hash("sha256", `${state}\0${action}`, "base64url").slice(0, keyChars - 1);
}

/** Says "as before" without the text, so that it holds in states never seen. It is no JSON, so no text can be taken for it. */
const unchanged = "=";

/** How the truth is remembered at a level. */
export function remember(level: Level, kind: Kind, { lifting, stateText }: Keys, text: string): string {
  if (kind === "observation" && text === stateText) return unchanged;
  return level === 0 || (kind === "state" && level === 1) ? text : lifting.lift(text);
}

/** The remembered text for this action, or null where its slots cannot be filled. */
export function recallText(level: Level, kind: Kind, { lifting, stateText }: Keys, remembered: string): string | null {
  if (remembered === unchanged) return stateText;
  return level === 0 || (kind === "state" && level === 1) ? remembered : lifting.fill(remembered);
}
