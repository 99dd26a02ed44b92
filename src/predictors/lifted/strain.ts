/**
 * Does a path err more than it used to? Its rows that were wrong, or in which something changed, are counted since its forest was grown,
 * beside how many errors are foretold for them by the share of those before. Far more than foretold say that the dynamics is another now:
 * the forest is grown anew however little its rows have grown. What is foretold stays the same until the rows have grown, so that what is
 * not yet learnt well goes on to count; each time that growing anew was not enough takes twice the excess.
 */
export interface Strain {
  /** Of decisive rows, lately: a faded share of those that were wrong. */
  share: number;
  /** The same, when the forest was last grown with its rows. */
  usual: number;
  /** Since the forest was grown. */
  decisive: number;
  errors: number;
  /** Errors beyond those foretold, and beyond twice their standard deviation (Poisson): fewer may be chance, or one odd episode. */
  excess: number;
}

/** About the last two hundred decisive rows count. */
const fade = 0.995;
const excessMin = 3;
const excessMax = 1_000;

/** New paths err always: their forests are grown with their rows. */
export function createStrain(): Strain {
  return { share: 1, usual: 1, decisive: 0, errors: 0, excess: excessMin };
}

export function noteStrain(strain: Strain, wrong: boolean): void {
  strain.decisive += 1;
  strain.errors += Number(wrong);
  strain.share = strain.share * fade + (wrong ? 1 - fade : 0);
}

export function isStrained({ errors, usual, decisive, excess }: Strain): boolean {
  const foretold = usual * decisive;
  return errors >= foretold + 2 * Math.sqrt(foretold) + excess;
}

/** The forest is grown anew. */
export function relax(strain: Strain): void {
  if (isStrained(strain)) strain.excess = Math.min(excessMax, 2 * strain.excess);
  else {
    strain.usual = strain.share;
    strain.excess = Math.max(excessMin, strain.excess / 2);
  }
  strain.decisive = 0;
  strain.errors = 0;
}
