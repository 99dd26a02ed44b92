/** Processes that tests start and that must not outlive them, however the tests end. */
import { type ChildProcess, spawn } from "node:child_process";

/** Ends `child` by SIGKILL when this process is gone: a shell waits for the end of a pipe that only this process holds. */
export function endWithUs(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  const guard = spawn("sh", ["-c", `read -r _; kill -9 ${pid}`], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  guard.unref();
  (guard.stdin as unknown as { unref?: () => void }).unref?.();
  // The number may be somebody else's soon.
  child.once("exit", () => guard.kill("SIGKILL"));
}

/** Resolves once it has ended. */
export function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once("exit", () => resolve()));
}
