/** Lets other work have its turn: folding for longer than the slice without a pause would delay requests, commits and scrapes. */
const sliceSeconds = 0.008;

/** `breathe()` is null while the slice lasts, then a promise that resolves after pending input and output was served. */
export function createBreathe(seconds: () => number, yieldTurn: () => Promise<void>): () => Promise<void> | null {
  let until = seconds() + sliceSeconds;
  return () => {
    if (seconds() < until) return null;
    return yieldTurn().then(() => {
      until = seconds() + sliceSeconds;
    });
  };
}
