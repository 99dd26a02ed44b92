/** Limits of `lifted-edits`: what it will look at, and what it may remember. */
export interface LiftedOptions {
  /** Larger states are abstained from, with the reason: reading them would take milliseconds. In UTF-16 units of the text. */
  readonly stateCharsMax: number;
  readonly entitiesMax: number;
  /** Elements of one array. */
  readonly arrayMax: number;
  /** Rows of one path where something changed, and where nothing did: of these four times as many, within the bounds. */
  readonly changedMax: number;
  readonly keptMin: number;
  readonly keptMax: number;
  readonly pathsMax: number;
  /** Bytes of all rows of one environment, of each of its two stages. */
  readonly rowBytesMax: number;
  /** Bytes of recent transitions kept to learn anew from when the shape turns out to be another. */
  readonly recentBytesMax: number;
  readonly recentMax: number;
  /** From this step on one of so many waits until the settled rules were judged by it; how many wait, and how many bytes of them. */
  readonly heldOutFrom: number;
  readonly heldOutEvery: number;
  readonly heldOutMax: number;
  readonly heldOutBytesMax: number;
  /** Share of the rows where nothing changed that are kept although nothing of the kind changed in their step. */
  readonly idleShare: number;
  /** Steps of an action's form after which those that were foretold are learnt from in this share only. */
  readonly familiarMin: number;
  readonly familiarShare: number;
  /** The same for what the world does by itself, where no action says which rows matter. */
  readonly idleShareTick: number;
  /** Tokens visited by growing forests with each transition: about half a millisecond. */
  readonly growBudget: number;
  /** In its first steps so many times as much: every step is news then, and rules that are not grown in time say what is known to be wrong. */
  readonly youngSteps: number;
  readonly youngSlices: number;
  /** The same for so many steps after an action of a form that was never seen. */
  readonly newsSteps: number;
  /** A path is grown anew for one error where it has so many rows, for two where it has twice as many, and so on. */
  readonly rowsPerError: number;
}

export const liftedOptions: LiftedOptions = {
  stateCharsMax: 1_048_576,
  entitiesMax: 10_000,
  arrayMax: 100_000,
  changedMax: 4_000,
  keptMin: 5_000,
  keptMax: 16_000,
  pathsMax: 2_000,
  rowBytesMax: 200_000_000,
  recentBytesMax: 48_000_000,
  recentMax: 34_000,
  heldOutFrom: 2_000,
  heldOutEvery: 32,
  heldOutMax: 512,
  heldOutBytesMax: 8_000_000,
  idleShare: 0.06,
  familiarMin: 2_000,
  familiarShare: 0.2,
  idleShareTick: 0.3,
  growBudget: 120_000,
  youngSteps: 1_000,
  youngSlices: 10,
  newsSteps: 50,
  rowsPerError: 256,
};
