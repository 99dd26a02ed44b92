/**
 * What kafkajs 2.2.4 does wrong, each shown on its own modules, and kept out by the adapter. How the guards were seen to be needed: each
 * was taken out, and the test named beside it failed.
 *   - `sendAll` without the look at the answer's partitions: "notices records that …"
 *   - `sendAll` without the look for a partition that is there twice, `steadyPartitioner` without its look at the leader: "never counts …"
 *   - `byLeader` putting everything together: "does not disturb the other …"
 *   - `discard()` in the appender's catch left out: "never uses a producer again …" (appender)
 *   - `discard()` and `fence()` in the commit's catch left out: "… (transactions)"
 *   - the commit's id not compared: "does not repeat a commit …"
 *   - `base` not compared: "does not do again …"
 *   - `closed` not asked: "has no producer …"
 *   - `decodeBatches` taking the aborted list as it comes, unsorted: "leaves out what was aborted …"
 *   - `decodeBatches` taking one entry of that list a batch: "knows what was aborted before …"
 *   - `mendIdleTimers` emptied: "runs no timer …"
 *   - `mendConnecting` emptied: "is one …"
 *   - the retry in `sendOffsets` left out: "waits for the markers …"
 *   - `next` counted from records, not from batches: "goes on behind batches …"
 */
import { createRequire } from "node:module";
import { connect, createServer, type Socket } from "node:net";
import type { ICustomPartitioner, Kafka, RecordMetadata } from "kafkajs";
import { describe, expect, it } from "vitest";
import { createAppender } from "../../../src/log/kafka/appender.ts";
import { decodeBatches } from "../../../src/log/kafka/batches.ts";
import { mendConnecting, mendIdleTimers } from "../../../src/log/kafka/kafkajs.ts";
import { sendAll, steadyPartitioner, Unacknowledged } from "../../../src/log/kafka/produce.ts";
import { createTransactions, Overtaken, type TransactionsDeps } from "../../../src/log/kafka/transactions.ts";
import { until } from "../../support/driftline.ts";
import { batch, control } from "./batches.ts";

const load = createRequire(import.meta.url);
const { KafkaJSProtocolError, KafkaJSConnectionError } = load("kafkajs/src/errors.js");
const createRetry = load("kafkajs/src/retry/index.js");
const quiet = { error() {}, warn() {}, info() {}, debug() {}, namespace: () => quiet };
const record = (partition: number, value: string) => ({ topic: "t", partition, key: null, value: Buffer.from(value) });
const place = { topic: "t", partition: 0, from: 0 };
const bytesMax = () => 1_000_000;

type Partitioner = ReturnType<ICustomPartitioner>;

/**
 * kafkajs's own sending: partition 0 is led by broker 1; partition 1 by broker 2, which says at once that it is not. Then both are led by
 * one broker: `to`; null: the leaders stay, broker 1 is slow, and broker 2 refuses once.
 */
function scripted(to: 1 | 2 | null = 1, partitioner: Partitioner = ({ message }) => message.partition ?? 0) {
  let moved = false;
  const written: number[] = [];
  const answer = (partition: number): RecordMetadata => ({
    topicName: "t",
    partition,
    errorCode: 0,
    baseOffset: "0",
  });
  const take = async ({ topicData }: { topicData: { partitions: { partition: number }[] }[] }) => {
    const its = topicData.flatMap(({ partitions }) => partitions.map(({ partition }) => partition));
    written.push(...its);
    return { topics: [{ topicName: "t", partitions: its.map((partition) => answer(partition)) }] };
  };
  const brokers: Record<number, object> = {
    1: {
      nodeId: 1,
      async produce(request: Parameters<typeof take>[0]) {
        if (to === null) await new Promise((resolve) => setTimeout(resolve, 30));
        return take(request);
      },
    },
    2: {
      nodeId: 2,
      async produce(request: Parameters<typeof take>[0]) {
        if (moved) return take(request);
        throw new KafkaJSProtocolError({
          type: "NOT_LEADER_FOR_PARTITION",
          code: 6,
          retriable: true,
          message: "moved",
        });
      },
    },
  };
  const send = load("kafkajs/src/producer/sendMessages.js")({
    logger: quiet,
    retrier: createRetry({ retries: 3, initialRetryTime: 1, maxRetryTime: 5, factor: 0, multiplier: 1 }),
    partitioner,
    eosManager: {
      isTransactional: () => false,
      getSequence: () => 0,
      updateSequence() {},
      getTransactionalId() {},
      getProducerId: () => 1,
      getProducerEpoch: () => 0,
      async acquireBrokerLock() {},
      releaseBrokerLock() {},
    },
    cluster: {
      async refreshMetadataIfNecessary() {},
      async addMultipleTargetTopics() {},
      async refreshMetadata() {
        moved = true;
      },
      isConnected: () => true,
      findTopicPartitionMetadata: () => [
        { partitionId: 0, leader: moved ? (to ?? 1) : 1 },
        { partitionId: 1, leader: moved ? (to ?? 2) : 2 },
      ],
      findLeaderForPartitions: (_: string, partitions: readonly string[]) =>
        moved && to !== null
          ? { [to]: partitions.map(Number) }
          : Object.fromEntries(partitions.map((partition) => [Number(partition) + 1, [Number(partition)]])),
      findBroker: async ({ nodeId }: { nodeId: number }) => brokers[nodeId],
    },
  });
  return { send, written };
}

const both = [
  { partition: 0, value: "a" },
  { partition: 1, value: "b" },
];
/** As it was a moment ago: then they go together. */
const oneLeader = new Map([
  ["t/0", 1],
  ["t/1", 1],
]);

describe("a leader that moves within one send", () => {
  it("loses records in silence, in kafkajs alone", async () => {
    const { send, written } = scripted();
    const answers: readonly RecordMetadata[] = await send({
      acks: -1,
      topicMessages: [{ topic: "t", messages: both }],
    });
    expect(answers.map(({ partition }) => partition)).toEqual([0]);
    expect(written).toEqual([0]);
  });

  it("writes records twice, in kafkajs alone", async () => {
    const { send, written } = scripted(2);
    await send({ acks: -1, topicMessages: [{ topic: "t", messages: both }] });
    expect(written).toEqual([0, 0, 1]);
  });

  it("never counts what may have been written twice as sent, and does not try again", async () => {
    const records = [record(0, "a"), record(1, "b")];
    const twice = scripted(2);
    await expect(sendAll(twice.send, records, bytesMax, oneLeader)).rejects.toThrow(Unacknowledged);
    const leaders = new Map<string, number>();
    const away = scripted(1, steadyPartitioner(leaders));
    await expect(sendAll(away.send, records, bytesMax, leaders)).rejects.toThrow(Unacknowledged);
    expect(away.written).toEqual([0]);
    // What the first broker has answered is none of the second one's business.
    const there = scripted(2, steadyPartitioner(leaders));
    await sendAll(there.send, records, bytesMax, new Map());
    expect(there.written).toEqual([0, 1]);
  });

  it("does not send what has two leaders as if it had one, and knows better then", async () => {
    const leaders = new Map(oneLeader);
    const { send, written } = scripted(1, steadyPartitioner(leaders));
    const records = [record(0, "a"), record(1, "b")];
    await expect(sendAll(send, records, bytesMax, leaders)).rejects.toThrow(Unacknowledged);
    expect(written).toEqual([]);
    expect([...leaders]).toEqual([
      ["t/0", 1],
      ["t/1", 2],
    ]);
  });

  it("notices records that the answer leaves out", async () => {
    const { send } = scripted();
    await expect(sendAll(send, [record(0, "a"), record(1, "b")], bytesMax, oneLeader)).rejects.toThrow(Unacknowledged);
  });
});

describe("a broker that fails at once within one send, while another one is slow", () => {
  /** As where both add partitions to a transaction: the second is told to wait for the first. */
  const busy = () => scripted(null);

  it("has records written twice, in kafkajs alone", async () => {
    const { send, written } = busy();
    await send({ acks: -1, topicMessages: [{ topic: "t", messages: both }] });
    expect([...written].sort()).toEqual([0, 0, 1]);
  });

  it("does not disturb the other, which has a send of its own", async () => {
    const leaders = new Map<string, number>();
    for (let times = 0; times < 2; times++) {
      const { send, written } = busy();
      const records = [record(0, "a"), record(1, "b")];
      expect(await sendAll(send, records, bytesMax, leaders)).toHaveLength(2);
      expect([...written].sort()).toEqual([0, 1]);
      leaders.set("t/0", 1).set("t/1", 2);
    }
  });
});

/** Producers that fail as told; each says what it was used for. */
function fakeKafka(failures: readonly (() => Error | null)[]) {
  const used: string[] = [];
  /** The ids of the commits, as their offsets carry them. */
  const ids: string[] = [];
  let made = 0;
  const kafka = {
    producer() {
      const own = made++;
      const fail = failures[own] ?? (() => null);
      const step = (what: string) => {
        used.push(`${own} ${what}`);
        const error = what === "connect" ? null : fail();
        if (error !== null) throw error;
      };
      const sendBatch = async ({ topicMessages }: { topicMessages: { topic: string; messages: object[] }[] }) => {
        step("send");
        return topicMessages.map(({ topic }) => ({ topicName: topic, partition: 0, errorCode: 0, baseOffset: "7" }));
      };
      return {
        connect: async () => step("connect"),
        disconnect: async () => void used.push(`${own} disconnect`),
        sendBatch,
        async transaction() {
          return {
            sendBatch,
            async sendOffsets({ topics }: { topics: { partitions: { metadata: string }[] }[] }) {
              ids.push(/^#(\S+) /.exec(topics[0]?.partitions[0]?.metadata ?? "")?.[1] ?? "");
              step("offsets");
            },
            commit: async () => step("commit"),
            async abort() {},
          };
        },
      };
    },
  };
  // Only what the adapter uses of it is there.
  return { kafka: kafka as unknown as Kafka, used, ids };
}
const lost = () => new KafkaJSConnectionError("Connection closed");
const clock = { now: () => 0, sleep: async () => {} };
const transactionsOn = (kafka: Kafka, { committed, stillOwned }: Pick<TransactionsDeps, "committed" | "stillOwned">) =>
  createTransactions({
    kafka,
    transactionalId: "x",
    timeoutMs: 60_000,
    group: "g",
    partition: 0,
    bytesMax,
    committed,
    mayUse: async () => {},
    stillOwned,
    ...clock,
  });

describe("a producer that failed", () => {
  it("never uses a producer again that failed once (appender)", async () => {
    let failed = false;
    const once = () => {
      if (failed) return null;
      failed = true;
      return lost();
    };
    const { kafka, used } = fakeKafka([once]);
    const appender = createAppender({ kafka, bytesMax, ...clock });
    expect(await appender.append([record(0, "a")])).toEqual([{ partition: 0, offset: 7 }]);
    expect(used).toEqual(["0 connect", "0 send", "0 disconnect", "1 connect", "1 send"]);
    await appender.close();
  });

  it("never uses a producer again that failed once (transactions), and asks what became of the commit", async () => {
    let calls = 0;
    const { kafka, used } = fakeKafka([() => (++calls === 3 ? lost() : null)]);
    const asked: string[] = [];
    const transactions = transactionsOn(kafka, {
      async committed() {
        asked.push("committed");
        return null;
      },
      async stillOwned() {
        asked.push("owned");
      },
    });
    await transactions.fence();
    await transactions.commit({ offsets: { t: 1 }, note: "n", outputs: [record(0, "a")] });
    // The first producer's commit was lost, and nothing was committed: the second one does all of it anew.
    expect(used).toEqual([
      "0 connect",
      "0 send",
      "0 offsets",
      "0 commit",
      "0 disconnect",
      "1 connect",
      "1 send",
      "1 offsets",
      "1 commit",
    ]);
    expect(asked).toEqual(["committed", "owned", "committed"]);
  });

  it("does not repeat a commit that was done, though nobody said so", async () => {
    let calls = 0;
    const { kafka, used, ids } = fakeKafka([() => (++calls === 3 ? lost() : null)]);
    let stored: string | null = null;
    const transactions = transactionsOn(kafka, {
      committed: async () => (stored === null ? null : { committed: { offsets: { t: 1 }, note: "n" }, id: stored }),
      stillOwned: async () => {
        // The broker had it after all.
        stored = ids[0] ?? null;
      },
    });
    await transactions.fence();
    await transactions.commit({ offsets: { t: 1 }, note: "n", outputs: [record(0, "a")] });
    expect(used.filter((one) => one.endsWith("send"))).toEqual(["0 send"]);
  });

  it("does not do again what another process has done, which took the partition for its own meanwhile", async () => {
    let calls = 0;
    const { kafka, used } = fakeKafka([() => (++calls === 3 ? lost() : null)]);
    let theirs = false;
    const transactions = transactionsOn(kafka, {
      committed: async () => ({ committed: { offsets: { t: 5 }, note: "n" }, id: theirs ? "theirs-0" : "before-0" }),
      stillOwned: async () => {
        theirs = true;
      },
    });
    await transactions.fence();
    const commit = () => transactions.commit({ offsets: { t: 9 }, note: "n", outputs: [record(0, "a")] });
    await expect(commit()).rejects.toThrow(Overtaken);
    expect(used.filter((one) => one.endsWith("send"))).toEqual(["0 send"]);
    // The stream task that is made anew reads what is committed, and goes on from there.
    await transactions.fence();
    await commit();
    expect(used.filter((one) => one.endsWith("commit"))).toEqual(["0 commit", "2 commit"]);
  });

  it("has no producer once its partition has gone, even where one was just being made", async () => {
    const { kafka, used } = fakeKafka([]);
    let close = async () => {};
    const transactions = transactionsOn(
      { ...kafka, producer: (config) => ({ ...kafka.producer(config), connect: () => close() }) } as Kafka,
      {
        committed: async () => null,
        async stillOwned() {
          throw new Error("it has gone");
        },
      },
    );
    close = () => transactions.close();
    await expect(transactions.fence()).rejects.toThrow("it has gone");
    expect(used).toEqual(["0 disconnect"]);
  });

  it("waits for the markers of the last transaction before it adds offsets", async () => {
    let calls = 0;
    const busy = () =>
      new KafkaJSProtocolError({ type: "CONCURRENT_TRANSACTIONS", code: 51, retriable: true, message: "markers" });
    const { kafka, used } = fakeKafka([() => (++calls < 3 ? busy() : null)]);
    const transactions = transactionsOn(kafka, {
      committed: async () => null,
      stillOwned: async () => {},
    });
    await transactions.fence();
    await transactions.commit({ offsets: { t: 1 }, note: "", outputs: [] });
    expect(used).toEqual(["0 connect", "0 offsets", "0 offsets", "0 offsets", "0 commit"]);
  });
});

describe("transactions that overlap and abort", () => {
  /** Producers 1 and 2 at once: 1 aborts, 2 commits, then 2 aborts another. The broker lists them in the order in which they ended. */
  const overlapping = async () => [
    await batch({ base: 0, values: ["1a"], producerId: 1 }),
    await batch({ base: 1, values: ["2a"], producerId: 2 }),
    await batch({ base: 2, values: ["1b", "1c"], producerId: 1 }),
    control({ base: 4, producerId: 2, mark: "commit" }),
    await batch({ base: 5, values: ["2b"], producerId: 2 }),
    control({ base: 6, producerId: 2, mark: "abort" }),
    control({ base: 7, producerId: 1, mark: "abort" }),
    await batch({ base: 8, values: ["1d"], producerId: 1 }),
    control({ base: 9, producerId: 1, mark: "commit" }),
  ];
  const aborted = [
    { producerId: 2n, firstOffset: 5 },
    { producerId: 1n, firstOffset: 0 },
  ];

  it("hands aborted records out, in kafkajs alone", async () => {
    const Decoder = load("kafkajs/src/protocol/decoder.js");
    const decodeMessages = load("kafkajs/src/protocol/requests/fetch/v4/decodeMessages.js");
    const filter = load("kafkajs/src/consumer/filterAbortedMessages.js");
    const bytes = Buffer.concat(await overlapping());
    const head = Buffer.alloc(4);
    head.writeInt32BE(bytes.length);
    const messages = await decodeMessages(new Decoder(Buffer.concat([head, bytes])));
    const abortedTransactions = aborted.map((one) => ({
      producerId: String(one.producerId),
      firstOffset: String(one.firstOffset),
    }));
    const kept: { isControlRecord: boolean; value: Buffer }[] = filter({ messages, abortedTransactions });
    expect(kept.filter((one) => !one.isControlRecord).map(({ value }) => value.toString())).toContain("1b");
  });

  it("leaves out what was aborted, and only that", async () => {
    const { records, next } = await decodeBatches(Buffer.concat(await overlapping()), place, aborted);
    expect(records.map(({ value }) => String(value))).toEqual(["2a", "1d"]);
    expect(next).toBe(10);
  });

  it("knows what was aborted before the fetch began", async () => {
    const bytes = Buffer.concat([
      await batch({ base: 5, values: ["2b"], producerId: 2 }),
      control({ base: 6, producerId: 2, mark: "abort" }),
      control({ base: 7, producerId: 1, mark: "abort" }),
    ]);
    const both = [
      { producerId: 1n, firstOffset: 0 },
      { producerId: 2n, firstOffset: 1 },
    ];
    expect((await decodeBatches(bytes, { ...place, from: 5 }, both)).records).toEqual([]);
  });

  it("goes on behind batches that hold nothing: markers, and what compaction emptied", async () => {
    const bytes = Buffer.concat([
      control({ base: 0, producerId: 1, mark: "commit" }),
      await batch({ base: 1, values: [], producerId: -1, lastOffsetDelta: 6 }),
    ]);
    expect(await decodeBatches(bytes, place, [])).toEqual({ records: [], next: 8 });
  });
});

describe("a connection that many ask for at once", () => {
  it("is one, where kafkajs alone opens a socket for each who asks", async () => {
    const Connection = load("kafkajs/src/network/connection.js");
    const socketFactory = load("kafkajs/src/network/socketFactory.js")();
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket.resume()));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    async function opened(): Promise<number> {
      const connection = new Connection({
        host: "127.0.0.1",
        port,
        logger: quiet,
        socketFactory,
        connectionTimeout: 10_000,
      });
      await Promise.all([connection.connect(), connection.connect(), connection.connect()]);
      // Accepted behind all of them.
      const last = connect(port, "127.0.0.1");
      last.write("last");
      await until(async () => sockets.some((socket) => socket.bytesRead > 0), 5_000, "the last one is accepted");
      for (const socket of [last, ...sockets]) socket.destroy();
      await connection.disconnect();
      return sockets.splice(0).length - 1;
    }
    expect(await opened()).toBe(3);
    mendConnecting();
    expect(await opened()).toBe(1);
    // Made anew after it was closed.
    expect(await opened()).toBe(1);
    server.close();
  });
});

describe("an idle connection", () => {
  it("runs no timer", () => {
    const RequestQueue = load("kafkajs/src/network/requestQueue/index.js");
    const queue = new RequestQueue({ requestTimeout: 1_000, enforceRequestTimeout: false, logger: quiet });
    mendIdleTimers(() => 1_000);
    queue.checkPendingRequests();
    expect(queue.throttleCheckTimeoutId).toBeNull();
    // A broker that throttles is waited for.
    queue.throttledUntil = 2_000;
    queue.checkPendingRequests();
    expect(queue.throttleCheckTimeoutId).not.toBeNull();
    queue.destroy();
  });
});
