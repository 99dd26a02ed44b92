/**
 * A call that is answered in text: the action names what is called and gives arguments, and the state, the last answer, is a flat object of
 * texts. Nothing else is asked of an environment: it is known by this form alone. Where the context is no object that could document the call,
 * the texts must be empty: nothing was answered yet.
 */
import type { Json } from "../../../json/json.ts";
import { isObject } from "../../../json/pointer.ts";
import type { Situation } from "../../predictor.ts";

export interface Call {
  readonly name: string;
  readonly args: Readonly<Record<string, Json>>;
}

/** More members than this are a state with fields, not an answer. */
const membersMax = 8;

export function callOf(situation: Pick<Situation, "kind" | "state" | "action" | "context">): Call | null {
  // States and contexts are parsed when they are first looked at.
  if (situation.kind !== "state") return null;
  const { state, action } = situation;
  if (!isObject(state) || !isObject(action)) return null;
  const { name, arguments: args } = action;
  if (typeof name !== "string" || !isObject(args)) return null;
  let empty = true;
  let members = 0;
  for (const one of Object.values(state)) {
    if (typeof one !== "string" || ++members > membersMax) return null;
    if (one !== "") empty = false;
  }
  return members > 0 && (empty || isObject(situation.context)) ? { name, args } : null;
}

/** An answer on one line: its members in order. Null for what is none, or holds the marks that stand between. */
export function flatOf(answer: Json): string | null {
  if (typeof answer === "string") return holdsMarks(answer) ? null : `${whole}${answer}`;
  return isObject(answer) ? membersText(answer) : null;
}

/** Back from one line. */
export function answerOf(flat: string): Json {
  if (flat.startsWith(whole)) return flat.slice(whole.length);
  return Object.fromEntries(
    flat.split(between).map((member) => {
      const at = member.indexOf(named);
      return [member.slice(0, at), member.slice(at + named.length)];
    }),
  );
}

const between = "\u0003";
const named = ": ";
/** The answer is no object but a text. */
const whole = "\u0005";

/** Templates, lists of names and answers on one line are marked with these. */
export function holdsMarks(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0 && code < 6) return true;
  }
  return false;
}

function membersText(answer: { readonly [key: string]: Json }): string | null {
  const members = Object.entries(answer);
  if (members.length === 0 || members.length > membersMax) return null;
  for (const [key, text] of members)
    if (typeof text !== "string" || key.includes(named) || holdsMarks(key + text)) return null;
  return members.map(([key, text]) => `${key}${named}${String(text)}`).join(between);
}
