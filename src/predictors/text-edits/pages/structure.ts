/**
 * What was decided about a world whose things are named by phrases and whose texts may be pages: how actions are read, which texts are the
 * page of a place, which ends of texts come and go by themselves, which ways lead back, what brings an agent elsewhere.
 */
import type { LedgerRules } from "./amounts/effects.ts";
import type { Ledger } from "./amounts/ledger.ts";
import type { Durations } from "./events/durations.ts";
import type { Lettered } from "./events/lettered.ts";
import { type LinkRules, noLinks } from "./events/links.ts";
import { noSpots, type SpotRules, type Turn, type Wording } from "./events/spots.ts";
import { type Grammar, noGrammar } from "./grammar.ts";
import type { Frames } from "./naming/frames.ts";
import type { Ordinals } from "./text/ordinals.ts";

export interface PageStructure {
  readonly grammar: Grammar;
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
  /** What answers write for a blank within a name; empty: a blank. */
  readonly joiner: string;
  /** Arguments that many episodes name: commands, not things. */
  readonly common: ReadonlySet<string>;
}

export const noPages: PageStructure = {
  grammar: noGrammar,
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
  joiner: "",
  common: new Set(),
};

export interface WrittenPages {
  readonly functionWords: readonly string[];
  readonly seconds: readonly string[];
  /** Absent in versions from before amounts were arguments. */
  readonly hasAmounts?: boolean;
  readonly titles: readonly string[];
  /** Absent in versions from before there were such titles. */
  readonly sentences?: readonly string[];
  readonly ordinals?: Ordinals | null;
  readonly tails: readonly string[];
  readonly inverses: readonly (readonly [string, string])[];
  /** In versions from before answers were asked for places: pairs, which lead nowhere. */
  readonly movers: readonly (string | readonly [string, number])[];
  readonly peeks: readonly string[];
  /** Absent in versions from before there were links: ends, what frees, what roams, phrases of ends. */
  readonly links?: readonly (readonly string[])[];
  readonly frames?: readonly (readonly [string, readonly string[]])[];
  readonly presence?: readonly string[];
  /** Absent in versions from before there were closings. */
  readonly closings?: readonly string[];
  /** Absent in versions from before there were spots. */
  readonly spots?: {
    readonly turns: readonly (readonly [key: string, turn: Turn])[];
    readonly wordings: readonly Wording[];
  };
  readonly moves?: readonly (readonly [string, string])[];
  readonly separator: string;
  readonly refusals: readonly string[];
  /** Absent in versions from before time was learnt. */
  readonly durations?: readonly (readonly [string, number])[];
  readonly edits: readonly (readonly [string, string])[];
  readonly fillers: readonly string[];
  readonly openings: readonly (readonly [string, string])[];
  /** Absent in versions from before they were learnt. */
  readonly beginnings?: readonly (readonly [string, string])[];
  /** Absent in versions from before letters were looked through. */
  readonly lettered?: readonly (readonly [string, string])[];
  /** Absent in versions from before texts were moved on. */
  readonly moving?: readonly string[];
  /** Absent in versions from before amounts were kept. */
  readonly ledger?: (Ledger & { readonly effects: readonly (readonly [string, number])[] }) | null;
  readonly joiner?: string;
  readonly common: readonly string[];
}

export function writePages({
  grammar,
  titles,
  sentences,
  ordinals,
  tails,
  inverses,
  movers,
  peeks,
  edits,
  fillers,
  openings,
  beginnings,
  refusals,
  durations,
  links,
  frames,
  moves,
  presence,
  closings,
  spots,
  separator,
  lettered,
  moving,
  ledger,
  joiner,
  common,
}: PageStructure): WrittenPages {
  return {
    functionWords: [...grammar.functionWords].sort(),
    seconds: [...grammar.seconds].sort(),
    hasAmounts: grammar.hasAmounts ?? false,
    titles: [...titles].sort(),
    sentences: [...sentences].sort(),
    ordinals,
    tails: [...tails].sort(),
    inverses: sorted(inverses),
    movers: [...movers].sort(),
    peeks: [...peeks].sort(),
    presence: [...presence].sort(),
    closings: [...closings].sort(),
    moves: sorted(moves),
    frames: sorted(frames),
    links: [links.ends, links.clears, links.roaming, links.phrases].map((all) => [...all].sort()),
    spots: {
      turns: sorted(spots.turns),
      wordings: spots.wordings,
    },
    separator,
    refusals: [...refusals].sort(),
    durations: sorted(durations),
    edits: sorted(edits),
    fillers: [...fillers].sort(),
    openings: sorted(openings),
    beginnings: sorted(beginnings),
    lettered: sorted(lettered),
    moving: [...moving].sort(),
    ledger: ledger === null ? null : { ...ledger, effects: sorted(ledger.effects) },
    joiner,
    common: [...common].sort(),
  };
}

/** The events of edits, by their keys. */
export function eventsOf(keys: Iterable<string>): ReadonlySet<string> {
  return new Set([...keys].map((key) => key.split("\u0003", 2).join("\u0003")));
}

export function readPages(written: WrittenPages): PageStructure {
  return {
    grammar: {
      functionWords: new Set(written.functionWords),
      seconds: new Set(written.seconds),
      hasAmounts: written.hasAmounts ?? false,
    },
    titles: new Set(written.titles),
    sentences: new Set(written.sentences ?? []),
    ordinals: written.ordinals ?? null,
    tails: new Set(written.tails),
    inverses: new Map(written.inverses),
    movers: new Set(written.movers.flatMap((one) => (typeof one === "string" ? [one] : []))),
    peeks: new Set(written.peeks),
    presence: new Set(written.presence ?? []),
    closings: new Set(written.closings ?? []),
    moves: new Map(written.moves ?? []),
    frames: new Map(written.frames ?? []),
    links: readLinks(written.links ?? []),
    spots: {
      turns: new Map(written.spots?.turns ?? []),
      wordings: written.spots?.wordings ?? [],
    },
    separator: written.separator,
    refusals: new Set(written.refusals),
    durations: new Map(written.durations ?? []),
    edits: new Map(written.edits),
    editing: eventsOf(written.edits.map(([key]) => key)),
    openings: new Map(written.openings),
    beginnings: new Map(written.beginnings ?? []),
    fillers: new Set(written.fillers),
    lettered: new Map(written.lettered ?? []),
    moving: new Set(written.moving ?? []),
    ledger: ledgerFrom(written.ledger ?? null),
    joiner: written.joiner ?? "",
    common: new Set(written.common),
  };
}

function ledgerFrom(written: NonNullable<WrittenPages["ledger"]> | null): LedgerRules | null {
  return written === null ? null : { ...written, effects: new Map(written.effects) };
}

function readLinks([ends = [], clears = [], roaming = [], phrases = []]: readonly (readonly string[])[]): LinkRules {
  return { ends: new Set(ends), clears: new Set(clears), roaming: new Set(roaming), phrases: new Set(phrases) };
}

function sorted<T>(map: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
