/** Readers that wait for the next append that concerns them, each with its own bound. */
export interface Waiters {
  /** Resolves at the first `wake` at which something is `there`, or after `waitMs`. */
  wait(waitMs: number, there: () => boolean): Promise<void>;
  wake(): void;
}

export function createWaiters(): Waiters {
  const waiting = new Set<{ readonly there: () => boolean; readonly done: () => void }>();
  return {
    wait(waitMs, there) {
      return new Promise((resolve) => {
        const one = {
          there,
          done() {
            clearTimeout(timer);
            waiting.delete(one);
            resolve();
          },
        };
        const timer = setTimeout(one.done, waitMs);
        waiting.add(one);
      });
    },
    wake() {
      for (const one of [...waiting]) if (one.there()) one.done();
    },
  };
}
