/** Replays into the job that runs in this process. */

import { codecs } from "../../codec/codecs.ts";
import { deadLetter, type Taken, takeLine } from "../../ingest/logic.ts";
import { LogBusy, type OutRecord } from "../../log/port.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { createBoard } from "../../serve/board.ts";
import { createFollower } from "../../serve/follower.ts";
import type { Host } from "../host.ts";
import { createProgress } from "../progress.ts";
import { accuracyOf, type Target } from "./target.ts";

const eventBytesMax = 4_194_304;
/** The stages may be so far behind before sending waits for them. */
const lagMax = 50_000;
/** After the last record monitor writes its rollups within this time. */
const rollupMs = 2_500;

export async function runtimeTarget(runtime: Runtime, host: Host): Promise<Target> {
  const { log } = runtime;
  const reasons = new Map<string, number>();
  const followed = createFollower(log, "dead-letters", 0, Number.POSITIVE_INFINITY, ({ value }) => {
    if (value === null) return;
    const { reason } = codecs.deadLetter.decode(value);
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  });
  await followed.follow();
  const transitionsBefore = await endOf("transitions");

  async function endOf(topic: string): Promise<number> {
    const found = (await log.topics()).find((one) => one.name === topic);
    return found?.partitions.reduce((sum, { end }) => sum + end, 0) ?? 0;
  }

  async function lag(): Promise<number> {
    return (await log.lag()).reduce((sum, { records }) => sum + records, 0);
  }

  async function append(records: readonly OutRecord[], stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      try {
        await log.append(records);
        return;
      } catch (error) {
        if (!(error instanceof LogBusy)) throw error;
        await host.sleep(200, stop);
      }
    }
  }

  return {
    async send(lines, stop) {
      while ((await lag()) > lagMax && !stop.aborted && !runtime.failed.aborted) await host.sleep(100, stop);
      const taken: Taken[] = lines.map((line, index) => takeLine(line, index, eventBytesMax));
      const bad = taken.filter((one) => !one.ok);
      await append(
        [...taken.flatMap((one) => (one.ok ? [one.record] : [])), ...bad.map((one) => deadLetter(one, host.now()))],
        stop,
      );
      return {
        accepted: taken.length - bad.length,
        rejected: bad.length,
        errors: bad.slice(0, 5).map(({ error }) => `${error.reason}: ${error.message}`),
      };
    },
    async finish(stop) {
      const progress = createProgress(host, "processing", "records left");
      for (let left = await lag(); left > 0 && !stop.aborted && !runtime.failed.aborted; left = await lag()) {
        progress.at(0, 0, left);
        await host.sleep(100, stop);
      }
      progress.end();
      const processed = (await lag()) === 0;
      // Announcements of new versions and the last rollups follow the last step.
      await host.sleep(rollupMs, stop);
      await followed.follow();
      const board = createBoard(log);
      await board.refresh();
      return {
        processed,
        transitions: (await endOf("transitions")) - transitionsBefore,
        deadLetters: [...reasons.values()].reduce((sum, count) => sum + count, 0),
        reasons: [...reasons].map(([reason, count]) => ({ reason, count })),
        accuracy: accuracyOf(board.environments(host.now())),
      };
    },
    async close() {
      await runtime.stop();
    },
  };
}
