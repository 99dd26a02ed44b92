/**
 * Does a path err more than it used to? Its rows that were wrong, or in which something changed, are counted since its forest was grown,
 * beside how many errors its own past foretells for them (a faded share). Far more of them than foretold say that the dynamics is another
 * now: the forest is grown anew however little its rows have grown. The past follows, so that noise strains a path once and not for ever.
 */
export interface Strain {
  /** Of decisive rows, lately: a faded share of those that were wrong. */
  usual: number;
  /** Since the forest was grown. */
  errors: number;
  foretold: number;
}

/** About the last two hundred decisive rows count. */
const fade = 0.995;
/** Errors beyond those foretold, and beyond twice their standard deviation (Poisson): fewer may be chance, or one odd episode. */
const excessMin = 3;

/** New paths err always: their forests are grown with their rows. */
export function createStrain(): Strain {
  return { usual: 1, errors: 0, foretold: 0 };
}

export function noteStrain(strain: Strain, wrong: boolean): void {
  strain.foretold += strain.usual;
  strain.errors += Number(wrong);
  strain.usual = strain.usual * fade + (wrong ? 1 - fade : 0);
}

export function isStrained({ errors, foretold }: Strain): boolean {
  return errors >= foretold + 2 * Math.sqrt(foretold) + excessMin;
}

/** The forest is grown anew. */
export function relax(strain: Strain): void {
  strain.errors = 0;
  strain.foretold = 0;
}
