/**
 * Whole texts that may be the answer, with those that some worlds alone have: the text before moved on, amounts; and what is asked of the moment to choose
 * between them.
 */
import type { Rules } from "../../engine.ts";
import type { TokenWriter } from "../../token-writer.ts";
import { writeAmountFeatures } from "../amounts/features.ts";
import { writtenAmounts } from "../amounts/ledger.ts";
import type { PageBelief } from "../belief.ts";
import { menuFor } from "../menus/menu.ts";
import { isMoving, type Moved, movedFor, writeMovedFeatures } from "../moved/choice.ts";
import type { PageStructure } from "../structure.ts";
import { writePageFeatures } from "./features.ts";
import { writeLetteredFeatures } from "./lettered-features.ts";
import { type Asked, menuSource, type Proposals, proposalsOf } from "./sources.ts";

export interface Proposed {
  /** By source. */
  readonly proposals: Proposals;
  readonly moved: Moved | null;
}

export function proposedBy(rules: Rules, pages: PageStructure, belief: PageBelief, asked: Asked): Proposed {
  const proposals = proposalsOf(pages, belief, rules.remembered, asked);
  const { ledger, menus } = pages;
  const menu = menus === null ? null : menuFor(menus, belief, asked.action);
  if (ledger === null && !isMoving(pages, asked))
    return { proposals: menu === null ? proposals : withMenu(proposals, menu), moved: null };
  const moved = isMoving(pages, asked) ? movedFor(rules, belief, asked) : null;
  const said = moved === null ? null : saidBefore(belief, moved);
  const amounts = ledger === null || belief.amounts === null ? null : writtenAmounts(ledger, belief.amounts);
  const isAsked = ledger?.actionText === asked.actionText;
  const all = [...proposals, moved?.text ?? null, said, isAsked ? amounts : null];
  return { proposals: menu === null ? all : withMenu(all, menu), moved };
}

function withMenu(proposals: Proposals, menu: string): Proposals {
  return Array.from({ length: menuSource + 1 }, (_, at) => (at === menuSource ? menu : (proposals[at] ?? null)));
}

/** The text of the episode that said what a piece whose numbers move will say. */
function saidBefore({ saidIn }: PageBelief, { pieces }: Moved): string | null {
  for (const { piece, now } of pieces) {
    const known = now === null || now === piece.text ? undefined : saidIn.get(now);
    if (known !== undefined) return known;
  }
  return null;
}

export function writeProposed(
  writer: TokenWriter,
  pages: PageStructure,
  belief: PageBelief,
  asked: Asked,
  { proposals, moved }: Proposed,
): void {
  writePageFeatures(writer, pages, belief, asked, proposals);
  if (isMoving(pages, asked)) writeMovedFeatures(writer, belief, moved);
  if (belief.amounts !== null) writeAmountFeatures(writer, belief.amounts, asked.action);
  if (pages.lettered.size > 0) writeLetteredFeatures(writer, belief, asked.actionText);
}
