/** Names in the order in which they came, bounded. */
export interface Bounded {
  add(name: string): void;
  has(name: string): boolean;
  all(): readonly string[];
}

export function createBounded(max: number): Bounded {
  const names = new Set<string>();
  return {
    add: (name) => void (names.size < max && names.add(name)),
    has: (name) => names.has(name),
    all: () => [...names],
  };
}
