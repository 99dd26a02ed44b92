/**
 * Deadlines in the order in which they fall due. Every queue has one delay and stream time never goes back, so the order of insertion is
 * the order of deadlines, and touching an entry moves it to the end.
 */
export interface DeadlineQueue {
  readonly size: number;
  /** Adds the key, or moves it to the end. `at` is the stream time from which the delay counts; it must not decrease. */
  touch(key: string, at: number): void;
  has(key: string): boolean;
  delete(key: string): void;
  /** The oldest key. */
  oldest(): string | null;
  /** The oldest key if it was touched at or before `at`. */
  due(at: number): string | null;
  /** When the oldest key was touched. */
  since(): number | null;
  snapshot(): readonly (readonly [string, number])[];
  restore(rows: readonly (readonly [string, number])[]): void;
}

export function createDeadlineQueue(): DeadlineQueue {
  const queue = new Map<string, number>();
  const first = () => queue.entries().next().value ?? null;
  return {
    get size() {
      return queue.size;
    },
    touch(key, at) {
      queue.delete(key);
      queue.set(key, at);
    },
    has: (key) => queue.has(key),
    delete: (key) => void queue.delete(key),
    oldest: () => first()?.[0] ?? null,
    due(at) {
      const entry = first();
      return entry !== null && entry[1] <= at ? entry[0] : null;
    },
    since: () => first()?.[1] ?? null,
    snapshot: () => [...queue],
    restore(rows) {
      queue.clear();
      for (const [key, at] of rows) queue.set(key, at);
    },
  };
}
