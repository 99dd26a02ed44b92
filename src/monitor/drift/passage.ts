/**
 * A passage: an episode, or so many steps of a long one, as one predictor fared in it. Its mean error is what detectors take; the counts are
 * what causes are told apart with. Numbers stand for names (`names.ts`), so that hundreds of passages are small.
 */
export interface Passage {
  readonly episode: string;
  /** Event time of its first step, epoch ms. */
  readonly time: number;
  readonly agent: number;
  /** The version that predicted; null where there was more than one. */
  version: string | null;
  steps: number;
  wrong: number;
  /** Steps whose state has a form that is new to the environment, and how many of them were wrong. They are in no cell. */
  oddSteps: number;
  oddWrong: number;
  /** Per action four numbers: action, steps, wrong, and the sum of the errors that the predictor expected itself. */
  readonly cells: number[];
  /** Per place two numbers: place, steps that were wrong there. */
  readonly fields: number[];
}

/** One step of a predictor. */
export interface Step {
  readonly action: number;
  readonly version: string;
  readonly wrong: boolean;
  /** The probability of being wrong that the predictor gave: 1 where it abstained, 0 where it gave none. */
  readonly expected: number;
  readonly odd: boolean;
  readonly fields: readonly number[];
}

export function openPassage(episode: string, time: number, agent: number, version: string): Passage {
  return { episode, time, agent, version, steps: 0, wrong: 0, oddSteps: 0, oddWrong: 0, cells: [], fields: [] };
}

export function addStep(passage: Passage, { action, version, wrong, expected, odd, fields }: Step): void {
  passage.steps += 1;
  passage.wrong += Number(wrong);
  if (passage.version !== version) passage.version = null;
  for (const field of fields) count(passage.fields, 2, field, [1]);
  if (odd) {
    passage.oddSteps += 1;
    passage.oddWrong += Number(wrong);
  } else count(passage.cells, 4, action, [1, Number(wrong), expected]);
}

export function meanOf({ steps, wrong }: Passage): number {
  return steps === 0 ? 0 : wrong / steps;
}

/** Rows of `width` numbers, the first of which is the key. */
function count(rows: number[], width: number, key: number, by: readonly number[]): void {
  let at = 0;
  while (at < rows.length && rows[at] !== key) at += width;
  if (at === rows.length) rows.push(key, ...new Array<number>(width - 1).fill(0));
  for (let place = 0; place < by.length; place++) rows[at + 1 + place] = (rows[at + 1 + place] ?? 0) + (by[place] ?? 0);
}
