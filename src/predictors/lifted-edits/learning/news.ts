/**
 * How much work a step is given. In the first steps everything is news, and so it is after actions of a form that was never seen: another world
 * may begin under the same name. Rules that are not grown in time say what is known to be wrong. Where nearly each step has a form of its own,
 * forms say nothing.
 */
import type { LiftedOptions } from "../options.ts";

export interface News {
  /** Steps that are given more, beyond the first ones. */
  left: number;
  /** Slices of growing for a step. `forms`: of actions, seen so far. */
  slices(transitions: number, forms: number): number;
}

/** So many steps to each form, at least. */
const stepsPerForm = 8;

export function createNews(options: LiftedOptions): News {
  let known = Number.POSITIVE_INFINITY;
  return {
    left: 0,
    slices(transitions, forms) {
      const isNew = forms > known && forms * stepsPerForm <= transitions;
      known = forms;
      if (isNew) this.left = Math.min(options.youngSteps, this.left + options.newsSteps);
      else if (this.left > 0) this.left -= 1;
      return transitions <= options.youngSteps || this.left > 0 ? options.youngSlices : 1;
    },
  };
}
