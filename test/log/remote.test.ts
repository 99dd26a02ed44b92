/** The log of another thread: the contract, over the memory adapter; a thread that dies gives its partitions back. */
import { MessageChannel } from "node:worker_threads";
import { expect, it } from "vitest";
import { createMemoryLog } from "../../src/log/memory/memory-log.ts";
import { Fenced, type Log, LogBusy, type TaskInput } from "../../src/log/port.ts";
import { openRemoteLog } from "../../src/log/remote/remote-log.ts";
import { serveLog } from "../../src/log/remote/serve-log.ts";
import { logContract } from "../contract/log.ts";

const topic = { name: "a", partitions: 2, cleanup: "delete", retentionMs: null, retentionBytes: null } as const;

function connect(owned: Log) {
  const { port1, port2 } = new MessageChannel();
  const served = serveLog(owned, port1);
  return { log: openRemoteLog(port2), served };
}

logContract("remote, over memory", async () => {
  const clock = { now: 1_700_000_000_000 };
  const owned = createMemoryLog({ now: () => clock.now });
  const { log, served } = connect(owned);
  return {
    log,
    clock,
    reopen: () => null,
    async cleanup() {
      await log.close();
      await served.closed;
      await owned.close();
    },
  };
});

it("gives the partitions of a thread that ended to the next one", async () => {
  const owned = createMemoryLog({ now: () => 0 });
  await owned.ensureTopics([topic]);
  const first = connect(owned);
  const held: TaskInput[] = [];
  await first.log.join("g", ["a"], { assigned: (input) => void held.push(input), async revoked() {}, failed() {} });
  expect(held).toHaveLength(2);
  await first.log.close();
  await first.served.closed;
  const second = connect(owned);
  const taken: TaskInput[] = [];
  await second.log.join("g", ["a"], { assigned: (input) => void taken.push(input), async revoked() {}, failed() {} });
  expect(taken.map((input) => input.partition)).toEqual([0, 1]);
  await taken[0]?.commit({
    offsets: { a: 0 },
    note: "n",
    outputs: [{ topic: "a", key: null, partition: 1, value: Buffer.from("x") }],
  });
  expect(await taken[0]?.committed()).toEqual({ offsets: { a: 0 }, note: "n" });
  await second.log.close();
  await second.served.closed;
});

it("rejects what is on its way when the port closes, and tells the port's errors apart", async () => {
  const owned = createMemoryLog({ now: () => 0 });
  await owned.ensureTopics([topic]);
  const busy: Log = { ...owned, append: () => Promise.reject(new LogBusy("full")) };
  const { log } = connect(busy);
  await expect(log.append([])).rejects.toThrow(LogBusy);
  const inputs: TaskInput[] = [];
  await log.join("g", ["a"], { assigned: (input) => void inputs.push(input), async revoked() {}, failed() {} });
  await owned.fence("g", 0);
  await expect(inputs[0]?.range("a")).rejects.toThrow(Fenced);
  const waiting = log.read("a", 0, 0, { recordsMax: 1, bytesMax: 1 }, 60_000);
  await log.close();
  await expect(waiting).rejects.toThrow(/closed/);
});
