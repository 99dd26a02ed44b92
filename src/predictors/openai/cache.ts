/** Answers by the content of their request. The least recently asked goes first; bounded in entries and in characters. */
export interface Cache<T extends { readonly text: string }> {
  get(key: string): T | undefined;
  put(key: string, value: T): void;
}

/** Of all texts held: 32 million UTF-16 units. */
const charactersMax = 32_000_000;

export function createCache<T extends { readonly text: string }>(entriesMax: number): Cache<T> {
  const entries = new Map<string, T>();
  let characters = 0;
  const drop = (key: string) => {
    characters -= entries.get(key)?.text.length ?? 0;
    entries.delete(key);
  };
  return {
    get(key) {
      const known = entries.get(key);
      if (known === undefined) return undefined;
      entries.delete(key);
      entries.set(key, known);
      return known;
    },
    put(key, value) {
      drop(key);
      entries.set(key, value);
      characters += value.text.length;
      for (const oldest of entries.keys()) {
        if (entries.size <= entriesMax && characters <= charactersMax) break;
        drop(oldest);
      }
    },
  };
}
