/** Events for tests of edits: an action that names one thing, shown as "a thing". */
import type { PageEvent } from "../../../../src/predictors/text-edits/pages/edits.ts";

export { edited } from "../../../../src/predictors/text-edits/pages/edits.ts";

export function eventOfTest(action: string, thing: string): PageEvent {
  return { key: `${action}\u0003done`, names: [thing, ""], items: [`a ${thing}`], from: "Hall", step: 0 };
}
