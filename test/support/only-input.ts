/** Joins a group whose topics have one partition; the input of it. */
import type { Log, TaskInput } from "../../src/log/port.ts";

export async function onlyInput(log: Log, group: string, topics: readonly string[]): Promise<TaskInput> {
  const inputs: TaskInput[] = [];
  await log.join(group, topics, {
    assigned: (input) => void inputs.push(input),
    async revoked() {},
    failed(error) {
      throw error;
    },
  });
  const [input] = inputs;
  if (input === undefined) throw new Error("no partition");
  return input;
}
