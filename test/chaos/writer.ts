/**
 * Feeds the workload: part of it straight to Kafka by producers of its own, part over HTTP through whatever worker serves. Every batch is
 * sent until it is acknowledged, and the next one of its lane only then: an episode's events lie in the log in their order, at least once.
 */
import kafkajs, { type Kafka, type Producer } from "kafkajs";
import type { Item, World } from "./world.ts";

export interface WriterOptions {
  /** Around the proxies: what is checked is the product, not this writer. */
  readonly kafka: Kafka;
  readonly topic: string;
  readonly partitions: number;
  readonly world: World;
  readonly eventsPerSecond: number;
  /** Addresses of the processes that serve now. */
  readonly servers: () => readonly string[];
}

export interface Writer {
  /** All that was drawn so far, in order. */
  readonly items: readonly Item[];
  /** Batches that had to be sent more than once. */
  resent(): number;
  /** Draws no more, ends the open episodes, and resolves when everything is acknowledged. */
  finish(): Promise<void>;
}

const batchMax = 50;
const pauseMs = 50;
const retryMs = 200;
const httpTimeoutMs = 8_000;
/** What waits in the lanes, before drawing pauses. */
const waitingMax = 3_000;
const httpLanes = 2;

interface Lane {
  readonly queue: Item[];
  send(items: readonly Item[]): Promise<boolean>;
}

export function startWriter(options: WriterOptions): Writer {
  const { partitions, world, eventsPerSecond } = options;
  const items: Item[] = [];
  const placeOf = placer(options);
  const lanes = [
    ...Array.from({ length: partitions }, (_, partition) => kafkaLane(options, partition)),
    ...Array.from({ length: httpLanes }, () => httpLane(options.servers)),
  ];
  let resent = 0;
  let drawing = true;

  function queue(drawn: readonly Item[]): void {
    for (const item of drawn) {
      items.push(item);
      const partition = placeOf(item.episode);
      lanes[item.route === "kafka" ? partition : partitions + (partition % httpLanes)]?.queue.push(item);
    }
  }

  async function draw(): Promise<void> {
    let owed = 0;
    for (let before = performance.now(); drawing; ) {
      await sleep(pauseMs);
      const at = performance.now();
      owed = Math.min(owed + ((at - before) * eventsPerSecond) / 1_000, eventsPerSecond);
      before = at;
      const waiting = lanes.reduce((sum, lane) => sum + lane.queue.length, 0);
      if (owed < 1 || waiting > waitingMax) continue;
      const drawn = world.take(Math.floor(owed));
      owed -= drawn.length;
      queue(drawn);
    }
    queue(world.finish());
  }

  async function work(lane: Lane): Promise<void> {
    for (;;) {
      const batch = lane.queue.slice(0, batchMax);
      if (batch.length === 0) {
        if (!drawing && drawn) return;
        await sleep(pauseMs);
        continue;
      }
      if (await lane.send(batch)) lane.queue.splice(0, batch.length);
      else {
        resent += 1;
        await sleep(retryMs);
      }
    }
  }

  let drawn = false;
  const drawingDone = draw().then(() => {
    drawn = true;
  });
  const done = Promise.all([drawingDone, ...lanes.map(work)]);
  return {
    items,
    resent: () => resent,
    async finish() {
      drawing = false;
      await done;
    },
  };
}

/** One producer, one partition: a leader that moves takes all of a send or nothing. */
function kafkaLane({ kafka, topic }: WriterOptions, partition: number): Lane {
  let producer: Producer | null = null;
  return {
    queue: [],
    async send(items) {
      try {
        if (producer === null) {
          const fresh = kafka.producer({ idempotent: true, maxInFlightRequests: 1, retry: { retries: 5 } });
          await fresh.connect();
          producer = fresh;
        }
        const messages = items.map(({ episode, value }) => ({ key: episode, value, partition }));
        const [answer] = await producer.send({ topic, acks: -1, messages });
        if (answer?.errorCode === 0) return true;
      } catch {
        // Told by the count of what was sent again.
      }
      await producer?.disconnect().catch(() => {});
      producer = null;
      return false;
    },
  };
}

function httpLane(servers: () => readonly string[]): Lane {
  let turn = 0;
  return {
    queue: [],
    async send(items) {
      const addresses = servers();
      const address = addresses[turn++ % Math.max(1, addresses.length)];
      if (address === undefined) return false;
      const answer = await fetch(`${address}/v1/interactions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: `[${items.map(({ value }) => value).join(",")}]`,
        signal: AbortSignal.timeout(httpTimeoutMs),
      }).catch(() => null);
      if (answer === null) return false;
      const text = await answer.text().catch(() => "");
      if (answer.status === 400) throw new Error(`the workload is refused: ${text}`);
      return answer.status === 202;
    },
  };
}

/** The partition of a key, as Java clients have it. */
function placer({ topic, partitions }: WriterOptions): (key: string) => number {
  const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => {
    return { partitionId, leader: 1, partitionErrorCode: 0, replicas: [1], isr: [1] };
  });
  const choose = kafkajs.Partitioners.DefaultPartitioner();
  return (key) => choose({ topic, partitionMetadata, message: { key, value: null } });
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
