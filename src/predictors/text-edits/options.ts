/** Limits of `text-edits`: what it will look at, and what it may remember. */
export interface TextOptions {
  /** Longer observations, actions and contexts are abstained from, with the reason. In UTF-16 units. */
  readonly textCharsMax: number;
  readonly actionCharsMax: number;
  readonly contextCharsMax: number;
  /** Lists are looked for in shorter observations only: longer ones are pages, and one text. */
  readonly listCharsMax: number;
  /** All templates that rows are labelled with, in UTF-16 units. */
  readonly templateCharsMax: number;
  /** Arguments of an action, and lists of an observation. */
  readonly slotsMax: number;
  /** Lists and facts taken from one context. */
  readonly factsMax: number;
  /** Relations and attributes that features speak of. */
  readonly relationsMax: number;
  /** Earlier steps that a belief is folded from, at least: most episodes are shorter. */
  readonly historySteps: number;
  /** Episodes whose belief is kept ready; others are folded anew. */
  readonly beliefsMax: number;
  /** Steps kept to learn anew from when what is decided changes, and the texts of them, in UTF-16 units. */
  readonly stepsMax: number;
  readonly charsMax: number;
  /** A longer episode is learnt from as if another began there. */
  readonly episodeStepsMax: number;
  readonly episodeCharsMax: number;
  /** Rows of one action's form, forms, and bytes of all rows of an environment. */
  readonly rowsMax: number;
  /** Among rows that nothing tells apart, so many truths more than others hold against another one: chance does not overturn them. */
  readonly trustMax: number;
  readonly formsMax: number;
  readonly rowBytesMax: number;
  /** Lists remembered across episodes, constants of slots, and counts of sources. */
  readonly rememberedMax: number;
  /** Whole texts remembered across episodes, and templates of one, in UTF-16 units. */
  readonly textsCharsMax: number;
  readonly templateTextCharsMax: number;
  /** What followed a text and an action, in UTF-16 units. */
  readonly afterCharsMax: number;
  /** Answered calls remembered, and the longest of them, in UTF-16 units: longer answers are not taken apart. */
  readonly callsMax: number;
  readonly callCharsMax: number;
  /** Decisions are taken anew when so many steps were seen as a multiple of the last time, first at `studyMin`. */
  readonly studyMin: number;
  readonly studyGrowth: number;
  /** Steps looked at by a running study with each transition, passes counted one by one. */
  readonly studyBudget: number;
  /** Tokens visited by growing forests with each transition: about a third of a millisecond. */
  readonly growBudget: number;
}

export const textOptions: TextOptions = {
  textCharsMax: 100_000,
  actionCharsMax: 4_096,
  listCharsMax: 2_000,
  templateCharsMax: 4_000_000,
  contextCharsMax: 1_048_576,
  slotsMax: 64,
  factsMax: 4_096,
  relationsMax: 48,
  historySteps: 256,
  beliefsMax: 256,
  stepsMax: 150_000,
  charsMax: 64_000_000,
  episodeStepsMax: 512,
  episodeCharsMax: 262_144,
  rowsMax: 32_000,
  trustMax: 4,
  formsMax: 4_000,
  rowBytesMax: 200_000_000,
  rememberedMax: 150_000,
  textsCharsMax: 20_000_000,
  templateTextCharsMax: 600,
  afterCharsMax: 6_000_000,
  callsMax: 600,
  callCharsMax: 4_000,
  studyMin: 12,
  studyGrowth: 1.8,
  studyBudget: 16,
  growBudget: 60_000,
};
