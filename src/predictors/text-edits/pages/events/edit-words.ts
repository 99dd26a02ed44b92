/** How sentences are written in the keys of edits: as they are, lifted, as the only ones of a block, with what comes behind them. */

export const wordedMark = "\u0004worded ";

/** Of a sentence as it is, what it names not taken out. */
export function worded(text: string): string {
  return wordedMark + text;
}

export const moreMark = "\u0004more ";

/** Of what comes with a lifted sentence, behind it in its line. */
export function moreWith(lifted: string): string {
  return moreMark + lifted;
}

const aloneMark = "\u0004alone ";

/** Of a line that is the only one of its block. */
export function alone(lifted: string): string {
  return aloneMark + lifted;
}

export function isOnly(lifted: string): boolean {
  return lifted.startsWith(aloneMark);
}

export function withoutAlone(lifted: string): string {
  return isOnly(lifted) ? lifted.slice(aloneMark.length) : lifted;
}
