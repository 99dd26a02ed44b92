/**
 * From what a language model wrote to a prediction. Strict: what is not wholly an answer of the asked form is `failed` with a reason that
 * begins with one of `answerReasons`.
 */
import { canonicalText, JsonRejected, parseJson } from "../../json/canonical.ts";
import type { Json } from "../../json/json.ts";
import { parsePatch, tryPatch } from "../../json/patch.ts";
import type { NextState } from "../predictor.ts";
import type { ChatForm } from "./chat.ts";

/** Beginnings of the reasons why an answer cannot be used. */
const answerReasons = {
  empty: "the answer is empty",
  notText: "the answer is not well-formed text",
  notJson: "the answer is not JSON",
  notPatch: "the answer is not a JSON Patch",
  notApplicable: "the patch does not apply",
  cut: "the answer was cut",
} as const;

/** Reasons of predictions are at most this long. */
const reasonCharactersMax = 200;

export type Answer =
  | {
      readonly ok: true;
      readonly next: NextState;
      /** The answer says that the task is done. */
      readonly success: boolean;
    }
  | { readonly ok: false; readonly reason: string };

/** `successSuffix`: the literal end of a text that says so; it is no part of the state. Empty: there is none. */
export function readAnswer(form: ChatForm, written: string, state: Json, successSuffix: string): Answer {
  if (!written.isWellFormed()) return failed(answerReasons.notText);
  const text = written.trim();
  if (text === "") return failed(answerReasons.empty);
  return form === "text" ? readText(text, successSuffix) : readPatch(text, state);
}

export function shortReason(reason: string): string {
  return reason.length <= reasonCharactersMax ? reason : `${reason.slice(0, reasonCharactersMax - 1)}…`;
}

function readText(text: string, successSuffix: string): Answer {
  const success = successSuffix !== "" && text.endsWith(successSuffix);
  const shown = success ? text.slice(0, -successSuffix.length).trim() : text;
  return { ok: true, next: { form: "state", stateText: canonicalText(shown) }, success };
}

function readPatch(text: string, state: Json): Answer {
  let value: Json;
  try {
    value = parseJson(withoutFence(text));
  } catch (error) {
    if (!(error instanceof JsonRejected)) throw error;
    return failed(`${answerReasons.notJson}: ${error.message}`);
  }
  const patch = parsePatch(value);
  if (!patch.ok) return failed(`${answerReasons.notPatch}: ${patch.message}`);
  const applied = tryPatch(state, patch.patch);
  if (!applied.ok) return failed(`${answerReasons.notApplicable}: ${applied.message}`);
  return { ok: true, next: { form: "patch", patch: patch.patch }, success: false };
}

/** Chat models like to fence JSON; only a fence around the whole answer is taken off. */
function withoutFence(text: string): string {
  return /^```(?:json)?\s*\n([\s\S]*?)\n?```$/i.exec(text)?.[1] ?? text;
}

function failed(reason: string): Answer {
  return { ok: false, reason: shortReason(reason) };
}
