/** Keeps requests and tokens a minute below limits: two token buckets that fill evenly, and a pause that the service asked for. */
export interface Clock {
  /** Monotonic. */
  seconds(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Limiter {
  /** Resolves when a request of about so many tokens may be sent; at once with `false` when `signal` has aborted. */
  enter(tokens: number, signal: AbortSignal): Promise<boolean>;
  /** Corrects the guess by what the request took. */
  correct(guessed: number, taken: number): void;
  /** Nobody enters for so long. */
  pause(ms: number): void;
}

export function createLimiter(
  limits: { readonly requestsPerMinute: number | null; readonly tokensPerMinute: number | null },
  clock: Clock,
): Limiter {
  const requests = createBucket(limits.requestsPerMinute, clock.seconds());
  const tokens = createBucket(limits.tokensPerMinute, clock.seconds());
  let pausedUntil = 0;
  /** Who waits is let in by turns. */
  let queue: Promise<unknown> = Promise.resolve();

  async function entered(wanted: number, signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      const now = clock.seconds();
      const wait = Math.max(requests.wait(1, now), tokens.wait(wanted, now), pausedUntil - now);
      if (wait <= 0) {
        requests.take(1);
        tokens.take(wanted);
        return true;
      }
      await clock.sleep(Math.ceil(wait * 1_000), signal);
    }
    return false;
  }

  return {
    enter(wanted, signal) {
      const turn = queue.then(() => entered(wanted, signal));
      queue = turn.catch(() => {});
      return turn;
    },
    correct: (guessed, taken) => tokens.take(taken - guessed),
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, clock.seconds() + ms / 1_000);
    },
  };
}

/** Holds a minute's worth; what asks for more than that waits until it is full, and leaves a debt. */
function createBucket(perMinute: number | null, start: number) {
  const rate = (perMinute ?? 0) / 60;
  const size = perMinute ?? 0;
  let level = size;
  let at = start;
  return {
    /** Seconds. */
    wait(wanted: number, now: number): number {
      if (perMinute === null) return 0;
      level = Math.min(size, level + (now - at) * rate);
      at = now;
      return (Math.min(wanted, size) - level) / rate;
    },
    take(wanted: number): void {
      level = Math.min(size, level - wanted);
    },
  };
}
