/** What rules may ask of what was seen before in the episode: the same action's answer, the page of the place, how numbers go on. */
import { hashText, mix } from "../../../lifted/hash.ts";
import { families } from "../../../lifted/tokens.ts";
import { counted } from "../../../words.ts";
import { put } from "../../features.ts";
import { shownTemplate } from "../../reading.ts";
import type { TokenWriter } from "../../token-writer.ts";
import { argsKey, askedKeys, type PageBelief } from "../belief.ts";
import { withoutList } from "../events/lists.ts";
import { movedEvenly, numbers, toldBy } from "../events/numbers.ts";
import { withoutNumbers } from "../text/cut.ts";
import { lift } from "../text/lift.ts";
import { ageOf, ageWords } from "./ages.ts";
import type { Asked } from "./sources.ts";

const { relation: ofRelation, self: ofSelf, addressed: ofAddressed } = families;

/** Of longer answers the beginning counts. */
const nowCharsMax = 120;

/** What the same was answered before. */
export function putBefore(writer: TokenWriter, belief: PageBelief, { action, actionText }: Asked): void {
  const [asked = 0] = askedKeys(belief, actionText);
  const before = belief.answers.get(asked);
  if (before !== undefined) {
    const { form } = before;
    put(
      writer,
      ofSelf,
      163,
      hashText(withoutNumbers(form)),
      () => `it was answered like "${shownTemplate(form).slice(0, 60)}"`,
    );
    put(writer, ofSelf, 160, hashText(form), () => `it was answered "${shownTemplate(form).slice(0, 60)}"`);
    const now = lift(withoutList(before.text.slice(0, nowCharsMax)), action.args, belief.told);
    put(writer, ofSelf, 164, hashText(now), () => `it would be answered "${shownTemplate(now).slice(0, 60)}" now`);
    const isChanged = Number(before.text !== before.said);
    put(writer, ofRelation, 165, isChanged, () => `that answer is thought to have ${isChanged ? "" : "not "}changed`);
    const age = belief.steps - before.step;
    put(writer, ofAddressed, 161, ageOf(age), () => `it was answered ${ageWords(age)}`);
  }
  const about = action.args.length === 0 ? undefined : belief.aboutArgs.get(argsKey(action.args));
  if (about === undefined) return;
  const what = `${shownTemplate(about.action.template)} was answered "${shownTemplate(about.form).slice(0, 60)}"`;
  put(
    writer,
    ofSelf,
    mix(162, hashText(about.action.template)),
    hashText(about.form),
    () => `the last of the same things: ${what}`,
  );
}

/** When the page of this place was seen last, and whether it is thought to have changed. */
export function putAge(writer: TokenWriter, belief: PageBelief, page: string): void {
  const { current, seenAt, steps } = belief;
  const seen = current === null ? undefined : seenAt.get(current);
  const age = seen === undefined ? 6 : ageOf(steps - seen.step);
  put(
    writer,
    ofRelation,
    180,
    age,
    () => `the page was ${seen === undefined ? "never seen" : `seen ${ageWords(steps - seen.step)}`}`,
  );
  if (seen === undefined) return;
  const isChanged = Number(seen.page !== page);
  put(writer, ofRelation, 181, isChanged, () => `the page is thought to have ${isChanged ? "" : "not "}changed`);
  if (isChanged === 0) return;
  const unseen = Math.min(2, unseenOn(belief, page, seen.page));
  put(
    writer,
    ofRelation,
    182,
    unseen,
    () => `things that have changed, of which the page does not say what they hold: ${unseen}`,
  );
}

/** Things that are not as they were seen, and of which nobody knows what they hold now. */
function unseenOn({ finder }: PageBelief, page: string, seen: string): number {
  const before = new Set(seen.split("\n").map((line) => line.trim()));
  return finder.nodesIn(page).filter(({ parent, holds, text }) => parent === null && !holds && !before.has(text))
    .length;
}

/** Where its numbers are, and whether they rest. */
export function putCourse(writer: TokenWriter, { courses, ticks }: PageBelief, { actionText }: Asked): void {
  const course = courses.get(actionText);
  const last = course?.readings.at(-1);
  if (course === undefined || last === undefined) return;
  put(
    writer,
    ofRelation,
    170,
    Math.min(4, course.readings.length),
    () => `${counted(course.readings.length, "reading", 4)} known`,
  );
  const before = course.readings.at(-2);
  if (before !== undefined) {
    const isResting = Number(before.values.every((value, at) => value === last.values[at]));
    put(writer, ofSelf, 171, isResting, () => `its numbers ${isResting ? "rest" : "move"}`);
  }
  for (const [at, [name, told]] of toldBy(course).entries())
    put(writer, ofRelation, mix(173, at), told, () => `of its last two numbers ${told} went on ${name}`);
  const next = movedEvenly(course, ticks + 1);
  const [number] = next === null ? [] : (next.match(numbers) ?? []);
  if (number === undefined) return;
  const tens = Math.max(-20, Math.min(20, Math.floor(Number(number) / 10)));
  put(writer, ofSelf, 172, tens, () => `its number will be about ${10 * tens}`);
}
