/** What the cluster says of its brokers and topics, and how topics are made and changed. Names are those on the cluster. */
import type { Ask, Brokers } from "./brokers.ts";
import { codes, Refused, typeOf } from "./errors.ts";
import { type Altered, errorOf, incrementalAlterConfigs, type SettingChange } from "./own-requests.ts";
import type { FoundTopic, TopicPlan } from "./topic-plan.ts";

export interface BrokerAddress {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

export interface TopicState {
  readonly found: FoundTopic;
  /** Partitions without a leader, and with fewer copies in sync than there are. */
  readonly leaderless: number;
  readonly behind: number;
}

export interface Admin {
  brokers(): Promise<readonly BrokerAddress[]>;
  /** Null for one that is not there. Throws `Refused` for the first that this user may not see, or whose settings it may not. */
  topics(names: readonly string[]): Promise<ReadonlyMap<string, TopicState | null>>;
  /** One that has been made in the meantime is left as it is. */
  create(plans: readonly TopicPlan[]): Promise<void>;
  setPartitions(topic: string, count: number): Promise<void>;
  /** Sets what is named and nothing else. */
  set(changes: readonly SettingChange[]): Promise<void>;
}

interface Metadata {
  readonly brokers: readonly BrokerAddress[];
  readonly topicMetadata: readonly {
    readonly topicErrorCode: number;
    readonly topic: string;
    readonly partitionMetadata: readonly {
      readonly leader: number;
      readonly replicas: readonly number[];
      readonly isr: readonly number[];
    }[];
  }[];
}
interface Configs {
  readonly resources: readonly {
    readonly errorCode: number;
    readonly errorMessage: string | null;
    readonly resourceName: string;
    readonly configEntries: readonly { readonly configName: string; readonly configValue: string | null }[];
  }[];
}
interface Created {
  readonly topicErrors: readonly {
    readonly topic: string;
    readonly errorCode: number;
    readonly errorMessage: string | null;
  }[];
}

const topicResource = 2;
const createMs = 30_000;

export function createAdmin(brokers: Brokers): Admin {
  function metadata(topics: readonly string[]): Promise<Metadata> {
    const parameters = { topics, allowAutoTopicCreation: false };
    return brokers.askController<Metadata>({ api: "Metadata", parameters, codes: true });
  }

  async function settingsOf(names: readonly string[]): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
    if (names.length === 0) return new Map();
    const resources = names.map((name) => ({ type: topicResource, name }));
    const ask: Ask<Configs> = {
      api: "DescribeConfigs",
      parameters: { resources, includeSynonyms: false },
      codes: true,
    };
    const answer = await brokers.askController(ask);
    return new Map(
      answer.resources.map(({ errorCode, errorMessage, resourceName, configEntries }) => {
        throwFor(errorCode, errorMessage, "describe the settings of", resourceName);
        return [resourceName, new Map(configEntries.map((entry) => [entry.configName, entry.configValue ?? ""]))];
      }),
    );
  }

  async function create(api: "CreateTopics" | "CreatePartitions", parameters: object): Promise<void> {
    const timed = { ...parameters, timeout: createMs };
    const { topicErrors } = await brokers.askController<Created>({ api, parameters: timed, codes: true });
    for (const { topic, errorCode, errorMessage } of topicErrors) {
      const error = errorOf(errorCode, errorMessage);
      if (error === null || error.type === "TOPIC_ALREADY_EXISTS") continue;
      const action = api === "CreateTopics" ? "create" : "alter";
      throwFor(errorCode, errorMessage, action, topic);
    }
  }

  return {
    brokers: async () => (await metadata([])).brokers,
    async topics(names) {
      const { topicMetadata } = await metadata(names);
      const there = topicMetadata.filter(({ topic, topicErrorCode, partitionMetadata }) => {
        if (topicErrorCode === codes.unknownTopicOrPartition) return false;
        // A topic that was made a moment ago, or whose brokers are away.
        if (topicErrorCode !== codes.leaderNotAvailable) throwFor(topicErrorCode, null, "describe", topic);
        return partitionMetadata.length > 0;
      });
      const settings = await settingsOf(there.map(({ topic }) => topic));
      const states = there.map(({ topic, partitionMetadata }): readonly [string, TopicState] => {
        const found = {
          partitions: partitionMetadata.length,
          replication: Math.min(...partitionMetadata.map(({ replicas }) => replicas.length)),
          settings: settings.get(topic) ?? new Map(),
        };
        const leaderless = partitionMetadata.filter(({ leader }) => leader < 0).length;
        const behind = partitionMetadata.filter(({ isr, replicas }) => isr.length < replicas.length).length;
        return [topic, { found, leaderless, behind }];
      });
      return new Map<string, TopicState | null>([...names.map((name) => [name, null] as const), ...states]);
    },
    async create(plans) {
      if (plans.length === 0) return;
      await create("CreateTopics", {
        topics: plans.map(({ topic, partitions, replication, settings }) => ({
          topic,
          numPartitions: partitions,
          replicationFactor: replication,
          configEntries: Object.entries(settings).map(([name, value]) => ({ name, value })),
        })),
      });
    },
    setPartitions: (topic, count) => create("CreatePartitions", { topicPartitions: [{ topic, count }] }),
    async set(changes) {
      if (changes.length === 0) return;
      const ask = {
        api: "IncrementalAlterConfigs",
        parameters: { changes },
        definition: incrementalAlterConfigs,
      } as const;
      const altered: readonly Altered[] = await brokers.askController(ask);
      for (const { topic, code, message } of altered) throwFor(code, message, "alter the settings of", topic);
    },
  };
}

function throwFor(code: number, message: string | null, action: string, topic: string): void {
  const error = errorOf(code, message);
  if (error === null) return;
  if (error.type.endsWith("AUTHORIZATION_FAILED")) throw new Refused(action, `topic ${topic}`);
  if (typeOf(error) === "INVALID_REPLICATION_FACTOR")
    throw new Error(`${topic}: ${error.message} Set log.kafka.replication to no more than there are brokers`);
  throw Object.assign(error, { message: `cannot ${action} topic ${topic}: ${error.message}` });
}
