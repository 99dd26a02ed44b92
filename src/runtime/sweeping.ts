/**
 * When the janitor sweeps: now and then, in the one process that has partition 0 of `learn`. A group gives a partition to one member at a time, so
 * there is one janitor however many processes there are, and always one while `learn` runs anywhere: it needs no election of its own. For the
 * moment in which two believe to have the partition, two sweeps at once do no more than one: both read the same topics and delete the same.
 */
import type { Logger } from "pino";
import type { Blobs } from "../blobs/port.ts";
import type { Host } from "../cli/host.ts";
import type { Log } from "../log/port.ts";
import { sweep } from "../run/janitor.ts";
import type { LifecycleView } from "../run/lifecycle.ts";

const everyMs = 600_000;

function isJanitor({ tasks }: Pick<LifecycleView, "tasks">): boolean {
  return tasks.some(({ stage, partition, state }) => stage === "learn" && partition === 0 && state === "running");
}

export function startSweeping(
  log: Log,
  blobs: Blobs,
  lifecycle: () => LifecycleView,
  host: Pick<Host, "sleep" | "now">,
  logger: Logger,
): AbortController {
  const stopped = new AbortController();
  void (async () => {
    while (!stopped.signal.aborted) {
      await host.sleep(everyMs, stopped.signal);
      if (stopped.signal.aborted || !isJanitor(lifecycle())) continue;
      try {
        const swept = await sweep(log, blobs, host.now());
        if (swept.versions + swept.blobs > 0) logger.info(swept, "swept old model versions and blobs");
      } catch (error) {
        logger.error({ err: error }, "sweeping failed; it is tried again");
      }
    }
  })();
  return stopped;
}
