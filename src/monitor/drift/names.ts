/** Names from input (actions, agents, places) as small numbers; bounded: what comes beyond the bound is `(other)`. */
export interface Names {
  /** Number 0 is `(other)`. */
  of(name: string): number;
  name(number: number): string;
  snapshot(): readonly string[];
  restore(names: readonly string[]): void;
}

const otherName = "(other)";

export function createNames(max: number): Names {
  const numbers = new Map<string, number>([[otherName, 0]]);
  let names: string[] = [otherName];
  return {
    of(name) {
      const known = numbers.get(name);
      if (known !== undefined) return known;
      if (names.length > max) return 0;
      numbers.set(name, names.length);
      return names.push(name) - 1;
    },
    name: (number) => names[number] ?? otherName,
    snapshot: () => [...names],
    restore(given) {
      names = [...given];
      numbers.clear();
      for (const [number, name] of names.entries()) numbers.set(name, number);
    },
  };
}
