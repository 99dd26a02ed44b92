/**
 * Parts of answers that forests of their own choose: what things are called, which ends of them are named, how texts
 * end, what becomes of the pieces of the text before.
 */

import { isPieceChoice, shownPiece } from "../moved/choice.ts";
import { endChoice, shownEnd } from "../naming/ends.ts";
import { nameChoice, shownKind } from "../naming/naming.ts";
import { isTailChoice, shownTail } from "./tails.ts";

/** Says a label of a choice in words; null: the choice is one of whole answers. */
export function partWords(form: string): ((label: string) => string) | null {
  if (form === nameChoice) return shownKind;
  if (form === endChoice) return shownEnd;
  if (isPieceChoice(form)) return shownPiece;
  return isTailChoice(form) ? shownTail : null;
}
