/**
 * What actions were seen to move of things that they do not name: by template, the paths of a type. Where such an action moves nothing, that
 * is worth a row each: why not this time?
 */
export interface Movers {
  note(template: string, path: string): void;
  of(template: string): ReadonlySet<string> | undefined;
  entries(): readonly MoverText[];
  restore(written: readonly MoverText[]): void;
}

export type MoverText = readonly [template: string, paths: readonly string[]];

/** Templates, and paths of one: more are names that were taken for words. */
const templatesMax = 2_000;
const pathsMax = 32;

export function createMovers(): Movers {
  const byTemplate = new Map<string, Set<string>>();
  return {
    note(template, path) {
      const known = byTemplate.get(template);
      if (known !== undefined) {
        if (known.size < pathsMax) known.add(path);
      } else if (byTemplate.size < templatesMax) byTemplate.set(template, new Set([path]));
    },
    of: (template) => byTemplate.get(template),
    entries: () => [...byTemplate].map(([template, paths]) => [template, [...paths]]),
    restore(written) {
      for (const [template, paths] of written) byTemplate.set(template, new Set(paths));
    },
  };
}
