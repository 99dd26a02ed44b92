/** Templates by number: the labels of rows. Bounded, so that texts that never come again cannot fill the memory. 0 is none. */
export interface Templates {
  /** Null when the table is full. */
  of(template: string): number | null;
  template(label: number): string | null;
  all(): readonly string[];
}

const templatesMax = 100_000;

export function createTemplates(texts: readonly string[] = []): Templates {
  const all = [...texts];
  const places = new Map(all.map((text, at) => [text, at + 1]));
  return {
    of(template) {
      const known = places.get(template);
      if (known !== undefined) return known;
      if (all.length >= templatesMax) return null;
      places.set(template, all.push(template));
      return all.length;
    },
    template: (label) => all[label - 1] ?? null,
    all: () => all,
  };
}
