/** What was decided about a world of pages as JSON, and read back. */
import type { LedgerRules } from "./amounts/effects.ts";
import type { Ledger } from "./amounts/ledger.ts";
import type { LinkRules } from "./events/links.ts";
import type { Turn, Wording } from "./events/spots.ts";
import type { MenuRules } from "./menus/menu.ts";
import type { ClauseKind } from "./naming/clauses.ts";
import { eventsOf, type PageStructure } from "./structure.ts";
import type { Ordinals } from "./text/ordinals.ts";

interface WrittenMenus {
  readonly opening: string;
  readonly requests: readonly (readonly [string, string])[];
  readonly remarks: readonly (readonly [string, string])[];
}

export interface WrittenPages {
  readonly functionWords: readonly string[];
  readonly seconds: readonly string[];
  /** Absent in versions from before amounts were arguments. */
  readonly hasAmounts?: boolean;
  /** Absent in versions from before clauses were read. */
  readonly clauses?: readonly (readonly [string, ClauseKind])[];
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
  /** Absent in versions from before menus were said. */
  readonly menus?: WrittenMenus | null;
  /** Absent in versions from before they were learnt. */
  readonly usual?: readonly (readonly [string, string])[];
  readonly kinds?: readonly (readonly [string, readonly string[]])[];
  readonly joiner?: string;
  readonly common: readonly string[];
}

export function writePages({
  grammar,
  clauses,
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
  menus,
  usual,
  kinds,
  joiner,
  common,
}: PageStructure): WrittenPages {
  return {
    functionWords: [...grammar.functionWords].sort(),
    seconds: [...grammar.seconds].sort(),
    hasAmounts: grammar.hasAmounts ?? false,
    clauses: sorted(clauses),
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
    menus: menus === null ? null : { ...menus, requests: sorted(menus.requests), remarks: sorted(menus.remarks) },
    usual: sorted(usual),
    kinds: sorted(kinds).map(([kind, names]) => [kind, [...names].sort()]),
    joiner,
    common: [...common].sort(),
  };
}

export function readPages(written: WrittenPages): PageStructure {
  return {
    grammar: {
      functionWords: new Set(written.functionWords),
      seconds: new Set(written.seconds),
      hasAmounts: written.hasAmounts ?? false,
    },
    clauses: new Map(written.clauses ?? []),
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
    menus: menusFrom(written.menus ?? null),
    usual: new Map(written.usual ?? []),
    kinds: new Map((written.kinds ?? []).map(([kind, names]) => [kind, new Set(names)])),
    joiner: written.joiner ?? "",
    common: new Set(written.common),
  };
}

function ledgerFrom(written: NonNullable<WrittenPages["ledger"]> | null): LedgerRules | null {
  return written === null ? null : { ...written, effects: new Map(written.effects) };
}

function menusFrom(written: WrittenMenus | null): MenuRules | null {
  return written === null
    ? null
    : { ...written, requests: new Map(written.requests), remarks: new Map(written.remarks) };
}

function readLinks([ends = [], clears = [], roaming = [], phrases = []]: readonly (readonly string[])[]): LinkRules {
  return { ends: new Set(ends), clears: new Set(clears), roaming: new Set(roaming), phrases: new Set(phrases) };
}

function sorted<T>(map: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
