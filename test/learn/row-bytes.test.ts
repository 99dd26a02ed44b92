/** What learners of rules keep to grow them from is configured: beyond it new examples replace old ones, and learning goes on. */
import { expect, it } from "vitest";
import type { Stage, StageTask } from "../../src/run/stage.ts";
import { createPipeline, readTopic, recordOf } from "../crash/pipeline.ts";
import { worldEvents } from "../crash/world.ts";

async function learnt(rowBytesMax: number) {
  const tasks: StageTask[] = [];
  const stage = (plain: Stage): Stage => ({
    ...plain,
    task(partition) {
      const task = plain.task(partition);
      if (plain.name === "learn") tasks.push(task);
      return task;
    },
  });
  const mutation = { stage, predictors: ["persistence", "lifted-edits", "text-edits"] };
  const pipeline = await createPipeline(mutation, {}, 1, { rowBytesMax });
  await pipeline.append(worldEvents(3, { eventsMin: 400, stepsMax: 30 }).map((event) => recordOf(event, false)));
  await pipeline.settle();
  return { bytes: tasks[0]?.storeBytes() ?? 0, versions: (await readTopic(pipeline.log, "models")).length };
}

it("is bounded by learn.rowBytesMax", async () => {
  const [plain, narrow] = [await learnt(200_000_000), await learnt(10_000)];
  expect(narrow.versions).toBeGreaterThan(2);
  // What is kept beside the rows is the same.
  expect(plain.bytes - narrow.bytes).toBeGreaterThan(10_000);
});
