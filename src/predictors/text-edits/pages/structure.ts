/**
 * What was decided about a world whose things are named by phrases and whose texts may be pages: how actions are read, which texts are the
 * page of a place, which ends of texts come and go by themselves, which ways lead back, what brings an agent elsewhere.
 */
import type { LedgerRules } from "./amounts/effects.ts";
import type { Durations } from "./events/durations.ts";
import type { Lettered } from "./events/lettered.ts";
import { type LinkRules, noLinks } from "./events/links.ts";
import { noSpots, type SpotRules } from "./events/spots.ts";
import { type Grammar, noGrammar } from "./grammar.ts";
import type { MenuRules } from "./menus/menu.ts";
import type { ClauseWords } from "./naming/clauses.ts";
import type { Kinds } from "./naming/fits.ts";
import type { Frames } from "./naming/frames.ts";
import type { Ordinals } from "./text/ordinals.ts";

export interface PageStructure {
  readonly grammar: Grammar;
  /** Words that begin what actions say of the things that they name. */
  readonly clauses: ClauseWords;
  /** First words of titles: a text of several lines that begins so is the page of a place, its first line the title. */
  readonly titles: ReadonlySet<string>;
  /** First words of titles that are the first sentence of a text, whatever stands behind it. */
  readonly sentences: ReadonlySet<string>;
  /** What sentences of pages begin with in turn; null where they do not. */
  readonly ordinals: Ordinals | null;
  /** Ends of texts, their numbers left out. */
  readonly tails: ReadonlySet<string>;
  /** Actions that lead back, by the action that led there. */
  readonly inverses: ReadonlyMap<string, string>;
  /** Verbs and answers that lead to the place that they name, by `moverKey`. */
  readonly movers: ReadonlySet<string>;
  /** Forms of actions that show the page of a place and lead nowhere. */
  readonly peeks: ReadonlySet<string>;
  /** What events do to texts, by `editKey`. */
  readonly edits: ReadonlyMap<string, string>;
  /** The events of those. */
  readonly editing: ReadonlySet<string>;
  /** Actions that an episode answers first as a string of its context says, by that string's name. */
  readonly openings: ReadonlyMap<string, string>;
  /** What actions that name nothing are answered as long as nothing was done that changes it, where all episodes begin alike. */
  readonly beginnings: ReadonlyMap<string, string>;
  /** Sentences of such texts that stand where there is no item. */
  readonly fillers: ReadonlySet<string>;
  /** Answers, by `formOf`, that many verbs share: nothing was done. */
  readonly refusals: ReadonlySet<string>;
  readonly durations: Durations;
  readonly links: LinkRules;
  readonly frames: Frames;
  /** Where events take what they name first (moves.ts), by `eventKey`. */
  readonly moves: ReadonlyMap<string, string>;
  /** Lines that the page of a place shows to who is there only. */
  readonly presence: ReadonlySet<string>;
  readonly spots: SpotRules;
  /** Sentences that strings of the context end with in many worlds: they ask for nothing. */
  readonly closings: ReadonlySet<string>;
  /** Between the fields of a text; empty where texts have none. */
  readonly separator: string;
  /** What becomes of sentences that name in other letters what events name (lettered.ts). */
  readonly lettered: Lettered;
  /** Verbs that answer with the text before, changed here and there (moved/). */
  readonly moving: ReadonlySet<string>;
  /** How amounts are told, and what events do to them; null where none are. */
  readonly ledger: LedgerRules | null;
  /** How menus of what may be meant are worded; null where there are none. */
  readonly menus: MenuRules | null;
  /** How things of a name are shown at first, where most are so. */
  readonly usual: ReadonlyMap<string, string>;
  /** What words mean that no text shows as a name. */
  readonly kinds: Kinds;
  /** What answers write for a blank within a name; empty: a blank. */
  readonly joiner: string;
  /** Arguments that many episodes name: commands, not things. */
  readonly common: ReadonlySet<string>;
}

export const noPages: PageStructure = {
  grammar: noGrammar,
  clauses: new Map(),
  titles: new Set(),
  sentences: new Set(),
  ordinals: null,
  tails: new Set(),
  inverses: new Map(),
  movers: new Set(),
  peeks: new Set(),
  links: noLinks,
  frames: new Map(),
  spots: noSpots,
  moves: new Map(),
  presence: new Set(),
  closings: new Set(),
  separator: "",
  refusals: new Set(),
  durations: new Map(),
  edits: new Map(),
  fillers: new Set(),
  editing: new Set(),
  openings: new Map(),
  beginnings: new Map(),
  lettered: new Map(),
  moving: new Set(),
  ledger: null,
  menus: null,
  usual: new Map(),
  kinds: new Map(),
  joiner: "",
  common: new Set(),
};

/** The events of edits, by their keys. */
export function eventsOf(keys: Iterable<string>): ReadonlySet<string> {
  return new Set([...keys].map((key) => key.split("\u0003", 2).join("\u0003")));
}
