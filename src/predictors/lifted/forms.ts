/**
 * Which rows in which nothing changed may go? Those of an action's form that has many of them for each row in which something changed: what an
 * action never does is told by a few rows, when it does something and when not takes many (matched controls: case-control sampling).
 */
import { mix } from "./hash.ts";
import { type Block, families, familyOf } from "./tokens.ts";

export interface Forms {
  count(blocks: readonly Block[], changed: boolean, by: 1 | -1): void;
  /** Rows of the form in which nothing changed for each one in which something did. */
  keptPerChanged(blocks: readonly Block[]): number;
}

interface Tally {
  kept: number;
  changed: number;
}

/** Of a block, what the action is like; blocks are shared by rows. */
const forms = new WeakMap<Block, number>();
const nothing: Tally = { kept: 0, changed: 0 };

export function createForms(): Forms {
  const tallies = new Map<number, Tally>();
  return {
    count(blocks, changed, by) {
      const form = formOf(blocks);
      const tally = tallies.get(form) ?? { kept: 0, changed: 0 };
      tallies.set(form, tally);
      if (changed) tally.changed += by;
      else tally.kept += by;
      if (tally.kept + tally.changed === 0) tallies.delete(form);
    },
    keptPerChanged(blocks) {
      const { kept, changed } = tallies.get(formOf(blocks)) ?? nothing;
      return kept / (changed + 1);
    },
  };
}

/** The tokens of the action, whatever their order: it is told in the first block. */
function formOf([block]: readonly Block[]): number {
  if (block === undefined) return 0;
  const known = forms.get(block);
  if (known !== undefined) return known;
  let form = 0;
  for (const token of block.tokens) if (familyOf(token) === families.action) form = (form + mix(token, 0x2545f491)) | 0;
  forms.set(block, form);
  return form;
}
