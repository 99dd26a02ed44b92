/** Events for tests of edits: an action that names things, each shown as "a thing". */
import type { PageEvent } from "../../../../src/predictors/text-edits/pages/events/event.ts";

export { edited } from "../../../../src/predictors/text-edits/pages/events/edits.ts";

export function eventOfTest(action: string, ...things: readonly string[]): PageEvent {
  return {
    key: `${action}\u0003done`,
    actionText: `${action} ${things.join(" ")}`,
    names: [...things, ""],
    items: things.map((thing) => `a ${thing}`),
    held: [],
    at: 0,
    toward: [],
    listed: [],
    said: "",
    from: "Hall",
    step: 0,
  };
}
