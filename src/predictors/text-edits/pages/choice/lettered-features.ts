/** How the page says, in other letters, what the action names. */
import { hashText, mix } from "../../../lifted/hash.ts";
import { families } from "../../../lifted/tokens.ts";
import { put } from "../../features.ts";
import type { TokenWriter } from "../../token-writer.ts";
import type { PageBelief } from "../belief.ts";
import { headOf, saysSo, wordsOf } from "../events/lettered.ts";
import { segmentsOf } from "../text/sentences.ts";
import { wordsAfter, wordsBefore } from "../text/words.ts";

/** Longer pages are not looked through. */
const pageCharsMax = 4_000;

export function writeLetteredFeatures(writer: TokenWriter, { current, pages }: PageBelief, actionText: string): void {
  const page = current === null ? undefined : pages.get(current);
  if (page === undefined || page.length > pageCharsMax) return;
  for (const [at, word] of wordsOf({ actionText }).entries()) {
    const sentence = segmentsOf(page).find(({ text }) => saysSo(text, [word]))?.text ?? null;
    const isSaid = Number(sentence !== null);
    put(
      writer,
      families.relation,
      mix(195, at),
      isSaid,
      () => `the page ${isSaid ? "says" : "does not say"} "${word}"`,
    );
    if (sentence === null) continue;
    const head = headOf(sentence);
    put(writer, families.self, mix(196, at), hashText(head), () => `where it says "${word}" it begins with "${head}"`);
    const place = sentence.toLowerCase().indexOf(word.toLowerCase());
    const behind = wordsAfter(sentence, place + word.length, aroundWords);
    put(writer, families.self, mix(197, at), hashText(behind), () => `behind "${word}" it says "${behind}"`);
    const before = wordsBefore(sentence, place, aroundWords);
    put(writer, families.parent, mix(198, at), hashText(before), () => `before "${word}" it says "${before}"`);
  }
}

const aroundWords = 4;
