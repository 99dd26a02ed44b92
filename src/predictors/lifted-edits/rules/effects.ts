/**
 * What comes of a form of action: the paths that changed, and in which steps. Those that changed in the same steps, each time, are parts of one effect;
 * each part is voted on by rules of its own, and so few steps speak for each that parts disagree by chance: they are said together or not at all.
 * And what never changed by an action that was seen often does not change by it, though by others it does.
 */
import { hashText, mix } from "../../lifted/hash.ts";

export interface Effects {
  /** Of one step that was learnt: the paths that changed. */
  note(template: string, keys: Iterable<string>): void;
  /** By path: a number that the parts of one effect have in common. Paths that are alone are absent. */
  partsOf(template: string): ReadonlyMap<string, number>;
  isNever(template: string, key: string): boolean;
  /** Steps are to be counted anew; of paths whose key is not named it is still known what changes them. */
  drop(isStale: (key: string) => boolean): void;
  entries(): EffectsText;
  restore(written: EffectsText): void;
}

/** By form of action: steps, and of each path how many of them changed it, and which, as a sum of hashes. */
export interface EffectsText {
  readonly steps: number;
  readonly forms: readonly (readonly [
    template: string,
    steps: number,
    paths: readonly (readonly [key: string, count: number, sum: number])[],
  ])[];
}

interface Form {
  steps: number;
  readonly paths: Map<string, { count: number; sum: number }>;
}

const formsMax = 2_000;
/** Of one form of action. */
const pathsMax = 64;
/** Steps in which all parts changed: one may be chance. */
const togetherMin = 2;
/** After more of them each part has rules that need no others. */
const togetherMax = 24;
/** Steps of a form that say what never comes of it. */
const neverMin = 8;
const alone: ReadonlyMap<string, number> = new Map();
const stepHash = hashText("step");

export function createEffects(): Effects {
  const forms = new Map<string, Form>();
  const parts = new Map<string, ReadonlyMap<string, number>>();
  let steps = 0;

  return {
    note(template, keys) {
      const form = forms.get(template) ?? { steps: 0, paths: new Map() };
      if (!forms.has(template) && forms.size >= formsMax) return;
      forms.set(template, form);
      form.steps += 1;
      const step = mix(stepHash, ++steps);
      for (const key of keys) {
        const changed = form.paths.get(key) ?? { count: 0, sum: 0 };
        if (!form.paths.has(key) && form.paths.size >= pathsMax) continue;
        form.paths.set(key, changed);
        changed.count += 1;
        changed.sum = (changed.sum + step) | 0;
        parts.delete(template);
      }
    },
    partsOf(template) {
      const known = parts.get(template);
      if (known !== undefined) return known;
      const made = partsIn(forms.get(template));
      if (forms.has(template)) parts.set(template, made);
      return made;
    },
    isNever(template, key) {
      const form = forms.get(template);
      return form !== undefined && form.steps >= neverMin && form.paths.size < pathsMax && !form.paths.has(key);
    },
    drop(isStale) {
      parts.clear();
      for (const form of forms.values()) {
        form.steps = 0;
        for (const key of form.paths.keys())
          if (isStale(key)) form.paths.delete(key);
          else form.paths.set(key, { count: 0, sum: 0 });
      }
    },
    entries: () => ({
      steps,
      forms: [...forms].map(([template, form]) => [
        template,
        form.steps,
        [...form.paths].map(([key, { count, sum }]) => [key, count, sum] as const),
      ]),
    }),
    restore(written) {
      steps = written.steps;
      for (const [template, seen, paths] of written.forms)
        forms.set(template, { steps: seen, paths: new Map(paths.map(([key, count, sum]) => [key, { count, sum }])) });
    },
  };
}

function partsIn(form: Form | undefined): ReadonlyMap<string, number> {
  const bySum = new Map<number, string[]>();
  for (const [key, { count, sum }] of form?.paths ?? []) {
    if (count < togetherMin || count > togetherMax) continue;
    const list = bySum.get(sum) ?? [];
    bySum.set(sum, list);
    list.push(key);
  }
  const parts = new Map<string, number>();
  for (const [sum, keys] of bySum) if (keys.length > 1) for (const key of keys) parts.set(key, sum);
  return parts.size === 0 ? alone : parts;
}
