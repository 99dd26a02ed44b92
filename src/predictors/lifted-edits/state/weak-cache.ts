/**
 * Remembers what was made of objects, of those asked for most recently alone: states of thousands of open episodes live for hours, and what is
 * made of one takes many times its size.
 */
export interface WeakCache<V> {
  get(key: object): V | undefined;
  /** `weight`: as how many it counts. */
  set(key: object, value: V, weight: number): void;
}

/** Remembers what weighs `size` at least and about twice as much at most, nothing for longer than its object lives. */
export function createWeakCache<V>(size: number): WeakCache<V> {
  let young = new WeakMap<object, Weighed<V>>();
  let old = young;
  let weighs = 0;

  function put(key: object, weighed: Weighed<V>): void {
    if (weighs >= size) {
      old = young;
      young = new WeakMap();
      weighs = 0;
    }
    young.set(key, weighed);
    weighs += weighed.weight;
  }

  return {
    get(key) {
      const known = young.get(key);
      if (known !== undefined) return known.value;
      const aged = old.get(key);
      if (aged !== undefined) put(key, aged);
      return aged?.value;
    },
    set: (key, value, weight) => put(key, { value, weight }),
  };
}

interface Weighed<V> {
  readonly value: V;
  readonly weight: number;
}
