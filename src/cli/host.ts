/** The outside world as commands see it. Only `main.ts` makes one from the real process. */
export interface Host {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Epoch ms. */
  now(): number;
  /** Monotonic seconds, for durations only. */
  seconds(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  out(line: string): void;
  err(line: string): void;
  /** Redraws the last line of standard error; only where it is a terminal. */
  status(line: string): void;
  /** Progress is redrawn on a terminal and printed now and then elsewhere. */
  readonly errIsTerminal: boolean;
  /** Aborted by SIGINT or SIGTERM. */
  readonly stop: AbortSignal;
  readonly version: string;
}

/** A command: returns the exit code. */
export interface Command {
  readonly usage: readonly string[];
  run(args: readonly string[], host: Host): Promise<number>;
}
