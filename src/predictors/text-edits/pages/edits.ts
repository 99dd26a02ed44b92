/**
 * What events do to texts that were shown before: the sentence or line that names what an action named becomes another, or goes. An edit is
 * kept by the event, by where the text stands to it (shown here, at a place the action names, elsewhere, or the answer to an action), and by
 * the sentence with all that is named taken out.
 */
import type { Values } from "../reading.ts";
import { lift } from "./lift.ts";
import { mentions } from "./words.ts";

export interface PageEvent {
  /** `eventKey`. */
  readonly key: string;
  /** What the action named, and the name of the place last. */
  readonly names: Values;
  /** The title of the page where it happened. */
  readonly from: string | null;
  readonly step: number;
}

/** What stands before it, and itself. */
export type Segment = readonly [separator: string, text: string];

const borders = /(\n+|(?<=[.!?]) )/;

export function segmentsOf(text: string): readonly Segment[] {
  const parts = text.split(borders);
  const segments: Segment[] = [["", parts[0] ?? ""]];
  for (let at = 1; at + 1 < parts.length; at += 2) segments.push([parts[at] ?? "", parts[at + 1] ?? ""]);
  return segments;
}

export function joined(segments: readonly Segment[]): string {
  return segments.map(([separator, text]) => separator + text).join("");
}

/** Of an edit: the sentence goes. */
export const gone = "\u0004gone";

/** Where a page stands to an event. */
export function standingOf({ from, names }: PageEvent, title: string): string {
  if (title === from) return "here";
  const at = names.findIndex((name) => mentions(title, name));
  return at < 0 ? "elsewhere" : `at ${at}`;
}

export function answerStanding({ names }: PageEvent, actionText: string): string {
  return `answer ${lift(actionText, names, [])}`;
}

export function editKey(event: PageEvent, standing: string, lifted: string): string {
  return `${event.key}\u0003${standing}\u0003${lifted}`;
}

/** What stands before the first name, and the name: what goes with all that is said of it. */
export function headOf(lifted: string): string {
  const end = lifted.indexOf("\u0002");
  return end < 0 ? lifted : `${lifted.slice(0, end + 1)}…`;
}

export function namesAny(text: string, names: Values): boolean {
  for (const name of names) if (name !== "" && text.includes(name)) return true;
  return false;
}

/** The text after the event; the same string where nothing changes. */
export function edited(edits: ReadonlyMap<string, string>, text: string, event: PageEvent, standing: string): string {
  if (edits.size === 0 || !namesAny(text, event.names)) return text;
  const after: Segment[] = [];
  let changed = false;
  for (const segment of segmentsOf(text)) {
    const [separator, own] = segment;
    const lifted = namesAny(own, event.names) ? lift(own, event.names, []) : own;
    const edit =
      lifted === own
        ? undefined
        : (edits.get(editKey(event, standing, lifted)) ?? edits.get(editKey(event, standing, headOf(lifted))));
    if (edit === undefined) after.push(segment);
    else {
      changed = true;
      if (edit !== gone) after.push([separator, put(edit, event.names)]);
    }
  }
  return changed ? joined(after) : text;
}

const holes = /\u0001(\d+)\u0002/g;

function put(lifted: string, names: Values): string {
  return lifted.replace(holes, (_, at: string) => names[Number(at)] ?? "");
}
