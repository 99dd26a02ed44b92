/**
 * Requests to the brokers that lead partitions and coordinate groups, under one deadline each: a leader that moves or a broker that is away
 * is asked for again, whatever else went wrong is thrown. One set of connections; requests on it are answered in order.
 */
import type { Kafka, KafkaConfig } from "kafkajs";
import { isRefused, isTransient, NoTopic, Refused, typeOf } from "./errors.ts";
import {
  type ApiName,
  apiKeys,
  type BrokerConnection,
  openCluster,
  type ProtocolRequest,
  type RequestDefinitions,
  type ResponseDecoder,
  requests,
} from "./kafkajs.ts";

export interface BrokersDeps {
  readonly kafka: Kafka;
  readonly config: KafkaConfig;
  /** How long one call may take with all its tries, ms. */
  readonly deadlineMs: number;
  /** Milliseconds that pass. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** One request: `T` is what the broker answers, as kafkajs or `response` decodes it. */
export interface Ask<T> {
  readonly api: ApiName;
  readonly parameters: object;
  /** Instead of kafkajs's own decoder. */
  readonly response?: ResponseDecoder<T>;
  /** Longer than the default, where the broker is to wait. */
  readonly timeoutMs?: number;
  /** A request, or a version of one, for which kafkajs has no words. */
  readonly definition?: RequestDefinitions;
  /** The answer with the error codes in it, instead of the first of them thrown. */
  readonly codes?: true;
}

export type CoordinatorKind = "group" | "transactional id";
const coordinatorTypes: Readonly<Record<CoordinatorKind, number>> = { group: 0, "transactional id": 1 };
interface FoundCoordinator {
  readonly coordinator: { readonly nodeId: number };
}

export interface Brokers {
  /** Number of partitions. Throws for a topic that is not there. */
  partitions(topic: string): Promise<number>;
  /** The broker that leads the partition, as far as is known now; null while there is none. */
  leader(topic: string, partition: number): number | null;
  /** Learns of leaders anew. */
  refresh(): Promise<void>;
  /** One try, without repair: for loops that have their own. */
  askOnce<T>(nodeId: number, ask: Ask<T>): Promise<T>;
  askLeader<T>(topic: string, partition: number, ask: Ask<T>): Promise<T>;
  askCoordinator<T>(group: string, ask: Ask<T>): Promise<T>;
  /** Throws `Refused` where this user may not use it. */
  findCoordinator(kind: CoordinatorKind, name: string): Promise<void>;
  /** The broker that answers for the whole cluster: topics, settings. */
  askController<T>(ask: Ask<T>): Promise<T>;
  close(): Promise<void>;
}

/** A topic that was made a moment ago may not be known to every broker yet. */
const topicTries = 5;
const pauseMs = 50;
const pauseMsMax = 1_000;

export function openBrokers({ kafka, config, deadlineMs, now, sleep }: BrokersDeps): Brokers {
  const cluster = openCluster(kafka, config);
  const coordinators = new Map<string, BrokerConnection>();
  const topics = new Set<string>();
  let connecting: Promise<void> | null = null;
  let closed = false;

  async function connected(): Promise<void> {
    if (closed) throw new Error("the log is closed");
    if (cluster.isConnected()) return;
    connecting ??= cluster.connect().finally(() => {
      connecting = null;
    });
    await connecting;
  }

  /** Throws `NoTopic` for one that is still not there after a moment. */
  async function known(topic: string): Promise<void> {
    for (let tries = 1; !topics.has(topic); tries++) {
      try {
        await cluster.addMultipleTargetTopics([topic]);
        topics.add(topic);
      } catch (error) {
        if (isRefused(error)) throw new Refused("describe", `topic ${topic}`);
        if (typeOf(error) !== "UNKNOWN_TOPIC_OR_PARTITION") throw error;
        if (tries === topicTries) throw new NoTopic(topic);
        await sleep(pauseMs * tries);
      }
    }
    await cluster.refreshMetadataIfNecessary();
  }

  /**
   * Partitions of a topic that is there. kafkajs replaces what it knows by each answer, and answers that cross leave the topics out that only
   * the other one asked for; a topic without partitions is one that must be asked for again.
   */
  function partitionsOf(topic: string) {
    const found = cluster.findTopicPartitionMetadata(topic);
    if (found.length === 0)
      throw Object.assign(new Error(`the partitions of ${topic} are not known now`), { type: "LEADER_NOT_AVAILABLE" });
    return found;
  }

  function leader(topic: string, partition: number): number | null {
    try {
      const found = partitionsOf(topic).find(({ partitionId }) => partitionId === partition);
      return found === undefined || found.leader < 0 ? null : found.leader;
    } catch {
      // Nothing is known between a lost connection and the next one.
      return null;
    }
  }

  async function send<T>(broker: BrokerConnection, ask: Ask<T>): Promise<T> {
    const { api, parameters, timeoutMs } = ask;
    const made: ProtocolRequest<T> = broker.lookupRequest(apiKeys[api], ask.definition ?? requests[api])(parameters);
    const response = ask.response ?? made.response;
    const request = {
      ...made,
      response: ask.codes === true ? { ...response, parse: async (decoded: T) => decoded } : response,
      ...(timeoutMs === undefined ? {} : { requestTimeout: timeoutMs }),
      // What a broker answers is told by who asked.
      logResponseError: false,
    };
    try {
      return await broker.connectionPool.send(request);
    } catch (error) {
      if (error instanceof Error && error.name === "KafkaJSConnectionClosedError") await broker.disconnect();
      throw error;
    }
  }

  /** Tries until the deadline; between tries `repair` learns what has changed. */
  async function persistently<T>(attempt: () => Promise<T>, repair: () => Promise<void>): Promise<T> {
    const until = now() + deadlineMs;
    for (let pause = pauseMs; ; pause = Math.min(2 * pause, pauseMsMax)) {
      try {
        await connected();
        return await attempt();
      } catch (error) {
        if (closed || !isTransient(error) || now() + pause > until) throw error;
        await sleep(pause);
        // A repair that fails shows in the next attempt.
        await repair().catch(() => {});
      }
    }
  }

  /** kafkajs has this too, but takes a refusal for a coordinator that is away, and asks for ever. */
  async function coordinatorOf(kind: CoordinatorKind, name: string): Promise<BrokerConnection> {
    const parameters = { groupId: name, coordinatorType: coordinatorTypes[kind] };
    const ask: Ask<FoundCoordinator> = { api: "GroupCoordinator", parameters };
    try {
      const { coordinator } = await send(await cluster.findControllerBroker(), ask);
      return await cluster.findBroker({ nodeId: coordinator.nodeId });
    } catch (error) {
      throw isRefused(error) ? new Refused("use", `${kind} ${name}`) : error;
    }
  }

  async function refresh(): Promise<void> {
    await connected();
    await cluster.refreshMetadata();
  }

  return {
    partitions: (topic) =>
      persistently(async () => {
        await known(topic);
        return partitionsOf(topic).length;
      }, refresh),
    leader,
    refresh,
    async askOnce(nodeId, ask) {
      await connected();
      return send(await cluster.findBroker({ nodeId }), ask);
    },
    askLeader: (topic, partition, ask) =>
      persistently(async () => {
        await known(topic);
        const nodeId = leader(topic, partition);
        if (nodeId === null) {
          if (partition >= partitionsOf(topic).length) throw new RangeError(`${topic} has no partition ${partition}`);
          throw Object.assign(new Error(`${topic}/${partition} has no leader`), { type: "LEADER_NOT_AVAILABLE" });
        }
        return send(await cluster.findBroker({ nodeId }), ask);
      }, refresh),
    askCoordinator: (group, ask) =>
      persistently(
        async () => {
          const broker = coordinators.get(group) ?? (await coordinatorOf("group", group));
          coordinators.set(group, broker);
          try {
            return await send(broker, ask);
          } catch (error) {
            throw typeOf(error) === "GROUP_AUTHORIZATION_FAILED" ? new Refused("use", `group ${group}`) : error;
          }
        },
        async () => {
          coordinators.delete(group);
          await cluster.refreshMetadata();
        },
      ),
    findCoordinator: (kind, name) =>
      persistently(
        async () => void (await coordinatorOf(kind, name)),
        () => cluster.refreshMetadata(),
      ),
    askController: (ask) => persistently(async () => send(await cluster.findControllerBroker(), ask), refresh),
    async close() {
      closed = true;
      await cluster.disconnect();
    },
  };
}
