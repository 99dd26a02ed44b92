/**
 * Texts that say that a list is empty. Where "On the …, you see a ….", and "On the …, you see nothing." were both seen, the second is the first
 * with an empty list, if the same few words stand in for lists in several templates or often.
 */
import { hole, piecesOf } from "../reading.ts";
import { type Empty, listKey } from "../structure.ts";

const wordsMax = 2;
const seenMin = 3;
const beforeCharsMin = 4;
/** Of all texts in which words stand where lists might: rarer words are chance. */
const shareMin = 0.05;
const fillerMin = 5;

export interface Empties {
  readonly empties: ReadonlyMap<string, Empty>;
  readonly words: ReadonlyMap<string, string>;
}

interface Found extends Empty {
  readonly words: string;
}

/** `templates`: how often each was seen. */
export function emptiesOf(templates: ReadonlyMap<string, number>): Empties {
  const frames = framesOf(templates);
  const candidates = new Map<string, readonly Found[]>();
  const fillers = new Map<string, number>();
  let all = 0;
  for (const [template, count] of templates) {
    if (count < seenMin) continue;
    const found = withoutList(template, frames);
    if (found.length > 0) candidates.set(template, found);
    for (const { words } of found) fillers.set(words, (fillers.get(words) ?? 0) + count);
    all += count * found.length;
  }
  const empties = new Map<string, Empty>();
  const words = new Map<string, string>();
  for (const [from, found] of candidates) {
    const chosen = found.find((one) => (fillers.get(one.words) ?? 0) >= Math.max(fillerMin, shareMin * all));
    if (chosen === undefined) continue;
    empties.set(from, { template: chosen.template, at: chosen.at });
    words.set(listKey(chosen.template, chosen.at), chosen.words);
  }
  return { empties, words };
}

/** What stands before and after each list, by what stands before. */
type Frames = ReadonlyMap<
  string,
  readonly { readonly after: string; readonly template: string; readonly at: number }[]
>;

function framesOf(templates: ReadonlyMap<string, number>): Frames {
  const frames = new Map<string, { after: string; template: string; at: number }[]>();
  for (const template of templates.keys()) {
    const { texts, styles } = piecesOf(template);
    let before = texts[0] ?? "";
    for (let at = 0; at < styles.length; at++) {
      const its = hole(styles[at] ?? "");
      if (before.length >= beforeCharsMin) {
        const list = frames.get(before) ?? [];
        frames.set(before, list);
        list.push({ after: template.slice(before.length + its.length), template, at });
      }
      before += its + (texts[at + 1] ?? "");
    }
  }
  return frames;
}

function withoutList(template: string, frames: Frames): readonly Found[] {
  const found: Found[] = [];
  for (const [before, list] of frames) {
    if (!template.startsWith(before)) continue;
    for (const { after, template: full, at } of list) {
      if (template.length <= before.length + after.length || !template.endsWith(after)) continue;
      const words = template.slice(before.length, template.length - after.length);
      if (words.includes(hole("").slice(0, 1)) || words.trim().split(/\s+/).length > wordsMax) continue;
      found.push({ template: full, at, words });
    }
  }
  return found;
}
