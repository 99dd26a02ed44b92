/** What was done, as far as it matters to texts that were shown before, and where those stand to it. */
import { hole, type Values } from "../../reading.ts";
import { lift } from "../text/lift.ts";
import { mentions } from "../text/words.ts";

export interface PageEvent {
  /** `eventKey`. */
  readonly key: string;
  readonly actionText: string;
  /** What the action named, and the name of the place last. */
  readonly names: Values;
  /** How a text showed each as one of a list; null where none did. */
  readonly items: readonly (string | null)[];
  /** What the first of them held, in lower case. */
  readonly held: Values;
  /** Which of those of its name in the text that shows it, counted from 0. */
  readonly at: number;
  /** Places that the names of things name: "door to the yard". */
  readonly toward: Values;
  /** What its answer lists. */
  readonly listed: readonly string[];
  /** The beginning of its answer. */
  readonly said: string;
  /** The title of the page where it happened. */
  readonly from: string | null;
  readonly step: number;
}

const holeMark = hole("").slice(0, 1);

/** Where a page stands to an event. */
export function standingOf({ from, names, toward }: PageEvent, title: string): string {
  if (title === from) return "here";
  const at = names.findIndex((name) => mentions(title, name));
  if (at >= 0) return `at ${at}`;
  return toward.some((place) => mentions(title, place)) ? beyond : elsewhere;
}

/** The page of a place that the name of a thing names. */
export const beyond = "beyond";
/** Another page. */
export const elsewhere = "elsewhere";

export function answerStanding({ names }: PageEvent, actionText: string): string {
  return `answer ${lift(actionText, names, [])}`;
}

/** The text answers an action that names what the event named: all its sentences are about it. */
export function isAbout(standing: string): boolean {
  return standing.startsWith("answer ") && standing.includes(holeMark);
}

/** A page that is of other places says nothing of the event's own place. */
export function namesAny(text: string, { names }: PageEvent, standing: string): boolean {
  const last = standing === elsewhere ? names.length - 1 : names.length;
  for (let at = 0; at < last; at++) {
    const name = names[at] ?? "";
    if (name !== "" && text.includes(name)) return true;
  }
  return false;
}
