/**
 * The one place that reaches below the public face of kafkajs, which is pinned to exactly 2.2.4: its connections and protocol, under our
 * own fetching and membership. kafkajs has no way to read from a named offset without a group, to wait for a partition to be settled
 * before it goes, to keep a member's name over a restart, or to see a batch that holds no records; its protocol layer has all of it.
 */
import { createRequire } from "node:module";
import type { Kafka, KafkaConfig } from "kafkajs";
import { encodeProduce, type ProduceParameters } from "./produce-request.ts";

const load = createRequire(import.meta.url);

/** The fewest bits of kafkajs's protocol that we use, by Kafka's own names. Request parameters are checked by the broker. */
export interface BrokerConnection {
  readonly nodeId: number;
  readonly connectionPool: { send<T>(request: ProtocolRequest<T>): Promise<T> };
  lookupRequest(apiKey: number, definitions: RequestDefinitions): (parameters: object) => ProtocolRequest<never>;
  disconnect(): Promise<void>;
}
export interface ProtocolRequest<T> {
  readonly request: object;
  readonly response: ResponseDecoder<T>;
  readonly requestTimeout?: number;
  readonly logResponseError?: boolean;
}
export interface ResponseDecoder<T> {
  decode(payload: Buffer): Promise<T>;
  parse(decoded: T): Promise<T>;
}
export interface RequestDefinitions {
  readonly versions: readonly string[];
  protocol(which: { readonly version: number }): (parameters: never) => ProtocolRequest<unknown>;
}
interface ProduceDefinitions {
  protocol(which: { readonly version: number }): (parameters: ProduceParameters) => ProtocolRequest<unknown>;
}
interface PartitionMetadata {
  readonly partitionId: number;
  readonly leader: number;
}
export interface ClusterConnection {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  isConnected(): boolean;
  refreshMetadata(): Promise<void>;
  refreshMetadataIfNecessary(): Promise<void>;
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
  findBroker(which: { readonly nodeId: number }): Promise<BrokerConnection>;
  findControllerBroker(): Promise<BrokerConnection>;
  findTopicPartitionMetadata(topic: string): readonly PartitionMetadata[];
}

const Cluster: new (options: object) => ClusterConnection = load("kafkajs/src/cluster/index.js");
const RequestQueue: { readonly prototype: RequestQueueFace } = load("kafkajs/src/network/requestQueue/index.js");
const Connection: { readonly prototype: { connect(): Promise<unknown> } } = load("kafkajs/src/network/connection.js");
const createSocketFactory: () => object = load("kafkajs/src/network/socketFactory.js");
const assignerProtocol: AssignerProtocol = load("kafkajs/src/consumer/assignerProtocol.js");

export const apiKeys: Readonly<Record<ApiName, number>> = load("kafkajs/src/protocol/requests/apiKeys.js");
export const requests: Readonly<Record<ApiName, RequestDefinitions>> = load(
  "kafkajs/src/protocol/requests/index.js",
).requests;
const { Produce: produce }: { readonly Produce: ProduceDefinitions } = load(
  "kafkajs/src/protocol/requests/index.js",
).requests;
/** Kafka's answer of this number: with its `type` and words. */
export const { createErrorFromCode }: { createErrorFromCode(code: number): Error & { readonly type: string } } = load(
  "kafkajs/src/protocol/error.js",
);
export const { MemberMetadata, MemberAssignment } = assignerProtocol;

/** The requests that go past kafkajs's own clients. */
export type ApiName =
  | "Fetch"
  | "ListOffsets"
  | "GroupCoordinator"
  | "OffsetCommit"
  | "OffsetFetch"
  | "JoinGroup"
  | "SyncGroup"
  | "Heartbeat"
  | "LeaveGroup"
  | "Produce"
  | "ApiVersions"
  | "EndTxn"
  | "Metadata"
  | "DescribeConfigs"
  | "DescribeGroups"
  | "CreateTopics"
  | "CreatePartitions"
  | "IncrementalAlterConfigs";

interface AssignerProtocol {
  readonly MemberMetadata: {
    encode(metadata: {
      readonly version: number;
      readonly topics: readonly string[];
      readonly userData: Buffer;
    }): Buffer;
    decode(bytes: Buffer): { readonly userData: Buffer | null };
  };
  readonly MemberAssignment: {
    encode(assignment: {
      readonly version: number;
      readonly assignment: Readonly<Record<string, readonly number[]>>;
      readonly userData: Buffer;
    }): Buffer;
    decode(bytes: Buffer): { readonly assignment: Readonly<Record<string, readonly number[]>> } | null;
  };
}
interface RequestQueueFace {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
  scheduleCheckPendingRequests(): void;
}

/** The first with record batches of magic 2. */
const produceVersionMin = 3;
const produceProtocol = produce.protocol;
const { connect } = Connection.prototype;
const connecting = new WeakMap<object, Promise<unknown>>();
const schedule = RequestQueue.prototype.scheduleCheckPendingRequests;

/** Idle connections need no timer: kafkajs asks for one with a negative delay, which fires each millisecond. `now`: epoch ms. */
export function mendIdleTimers(now: () => number): void {
  RequestQueue.prototype.scheduleCheckPendingRequests = function (this: RequestQueueFace) {
    if (this.pending.length > 0 || this.throttledUntil > now()) schedule.call(this);
  };
}

/**
 * Who asks for a connection while it is being made waits for that one: kafkajs opens another socket for each, of which one is used; the
 * others stay open, and the first that the broker closes for being idle takes the used one with it.
 */
export function mendConnecting(): void {
  Connection.prototype.connect = function (this: object) {
    const pending = connecting.get(this);
    if (pending !== undefined) return pending;
    const made = connect.call(this).finally(() => connecting.delete(this));
    connecting.set(this, made);
    return made;
  };
}

/** Produce requests are encoded by us, in all producers of the process. `now`: epoch ms. */
export function mendProducing(now: () => number): void {
  produce.protocol = ({ version }) => {
    const make = produceProtocol({ version });
    return (parameters) => {
      const made = make(parameters);
      if (version < produceVersionMin) return made;
      const encode = async () => {
        const buffer = encodeProduce(parameters, now());
        return { buf: buffer, buffer };
      };
      return { ...made, request: { ...made.request, encode } };
    };
  };
}

/** A set of connections of its own: what waits on one (a join, a long fetch) holds up nothing on the others. */
export function openCluster(kafka: Kafka, config: KafkaConfig): ClusterConnection {
  return new Cluster({
    ...config,
    logger: kafka.logger(),
    socketFactory: createSocketFactory(),
    enforceRequestTimeout: true,
    metadataMaxAge: 300_000,
    allowAutoTopicCreation: false,
    maxInFlightRequests: null,
    isolationLevel: 1,
    offsets: new Map(),
  });
}
