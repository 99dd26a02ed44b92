/** Of which form an action is: what steps are grouped and counted by. */
import type { Kind } from "../codec/records.ts";
import type { Json } from "../json/json.ts";
import { liftAction, plainWriting } from "../predictors/lift-action.ts";

/** From the coarsest on. Bounded, since actions come from input. */
export interface ActionForm {
  readonly name: string;
  /** What is left when the arguments are taken out; the name where they leave no more. */
  readonly template: string;
}

/** In UTF-16 units: of a name, of a template, and of the texts in which arguments are looked for. */
const nameCharsMax = 128;
const templateCharsMax = 200;
const actionCharsMax = 400;
const stateCharsMax = 20_000;

/** `state`: in which the action is taken; arguments of a text action are what an observation says word for word. */
export function actionFormOf(action: Json, kind: Kind, state: Json): ActionForm {
  const name = actionName(action);
  if (typeof action === "string" && action.length > actionCharsMax) return { name, template: name };
  const seen = kind === "observation" && typeof state === "string" && state.length <= stateCharsMax ? state : "";
  return { name, template: bounded(liftAction(action, seen, plainWriting).action, templateCharsMax) };
}

/** `name` of a structured action, else its first word. */
export function actionName(action: Json): string {
  const name =
    typeof action === "string"
      ? (/\S+/.exec(action)?.[0] ?? "")
      : typeof action === "object" && action !== null && "name" in action && typeof action["name"] === "string"
        ? action["name"]
        : "";
  return bounded(name, nameCharsMax);
}

function bounded(text: string, charsMax: number): string {
  return text.slice(0, charsMax).toWellFormed();
}
