/** Templates by number: the labels of rows. Bounded in UTF-16 units: texts that never come again cannot fill the memory. 0 is none. */
export interface Templates {
  /** Null when the table is full. */
  of(template: string): number | null;
  template(label: number): string | null;
  all(): readonly string[];
}

export function createTemplates(charsMax: number, texts: readonly string[] = []): Templates {
  const all = [...texts];
  let chars = texts.reduce((sum, text) => sum + text.length, 0);
  const places = new Map(all.map((text, at) => [text, at + 1]));
  return {
    of(template) {
      const known = places.get(template);
      if (known !== undefined) return known;
      if (chars + template.length > charsMax) return null;
      chars += template.length;
      places.set(template, all.push(template));
      return all.length;
    },
    template: (label) => all[label - 1] ?? null,
    all: () => all,
  };
}
