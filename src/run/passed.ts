/** Whether `everyMs` have passed from `atMs` to `nowMs`, epoch ms. A clock that was set back must not hold anything up: then they have. */
export function havePassed(everyMs: number, atMs: number, nowMs: number): boolean {
  return nowMs < atMs || nowMs - atMs >= everyMs;
}
