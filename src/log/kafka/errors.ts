/** What brokers and connections answer, sorted by what it means for who asked. kafkajs gives its errors a `name` and Kafka's own `type`. */

/** Kafka's numbers for the answers that we meet in places where kafkajs hands out numbers. */
export const codes = {
  none: 0,
  offsetOutOfRange: 1,
  unknownTopicOrPartition: 3,
  leaderNotAvailable: 5,
  notLeader: 6,
  replicaNotAvailable: 9,
  topicAuthorizationFailed: 29,
  kafkaStorageError: 56,
  fencedLeaderEpoch: 74,
  unknownLeaderEpoch: 75,
  offsetNotAvailable: 78,
} as const;

/** The topic's leader is elsewhere now, or about to be. */
export const movedCodes: ReadonlySet<number> = new Set([
  codes.unknownTopicOrPartition,
  codes.leaderNotAvailable,
  codes.notLeader,
  codes.replicaNotAvailable,
  codes.kafkaStorageError,
  codes.fencedLeaderEpoch,
  codes.unknownLeaderEpoch,
  codes.offsetNotAvailable,
]);

const transientTypes: ReadonlySet<string> = new Set([
  "UNKNOWN_TOPIC_OR_PARTITION",
  "LEADER_NOT_AVAILABLE",
  "NOT_LEADER_FOR_PARTITION",
  "REQUEST_TIMED_OUT",
  "BROKER_NOT_AVAILABLE",
  "REPLICA_NOT_AVAILABLE",
  "NETWORK_EXCEPTION",
  "GROUP_LOAD_IN_PROGRESS",
  "GROUP_COORDINATOR_NOT_AVAILABLE",
  "NOT_COORDINATOR_FOR_GROUP",
  "NOT_ENOUGH_REPLICAS",
  "NOT_ENOUGH_REPLICAS_AFTER_APPEND",
  "KAFKA_STORAGE_ERROR",
  "FENCED_LEADER_EPOCH",
  "UNKNOWN_LEADER_EPOCH",
  "OFFSET_NOT_AVAILABLE",
  "UNSTABLE_OFFSET_COMMIT",
  "COORDINATOR_LOAD_IN_PROGRESS",
  "COORDINATOR_NOT_AVAILABLE",
  "NOT_COORDINATOR",
]);
const connectionNames: ReadonlySet<string> = new Set([
  "KafkaJSConnectionError",
  "KafkaJSConnectionClosedError",
  "KafkaJSRequestTimeoutError",
  "KafkaJSBrokerNotFound",
  "KafkaJSLockTimeout",
  "KafkaJSMetadataNotLoaded",
  "KafkaJSTopicMetadataNotLoaded",
  "KafkaJSGroupCoordinatorNotFound",
]);

/** The error and what caused it, outermost first. */
function* causes(error: unknown): Generator<Error> {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) yield at;
}

/** Kafka's name of an answer (`UNKNOWN_MEMBER_ID`), of the innermost error; null for anything else. */
export function typeOf(error: unknown): string | null {
  for (const at of causes(error)) {
    if ("type" in at && typeof at.type === "string") return at.type;
  }
  return null;
}

/** A number that a broker gave for a topic, as an error with Kafka's own `type`. */
export function answerError(code: number, topic: string): Error {
  if (code === codes.topicAuthorizationFailed) return new Refused("read", `topic ${topic}`);
  const name = Object.entries(codes).find(([, one]) => one === code)?.[0] ?? `code ${code}`;
  const type = movedCodes.has(code) ? "NOT_LEADER_FOR_PARTITION" : "UNKNOWN";
  return Object.assign(new Error(`${topic}: the broker answers ${name}`), { type });
}

/** The brokers' authorizer says no. */
export class Refused extends Error {
  override readonly name = "Refused";
  constructor(action: string, what: string) {
    super(
      `the brokers do not let this user ${action} ${what}: \`driftline doctor\` names the access list entries that are missing, ` +
        "`driftline topics acls` prints all that it takes",
    );
  }
}

/** Worth trying again: a broker is away, a leader or coordinator moves. */
export function isTransient(error: unknown): boolean {
  const type = typeOf(error);
  if (type !== null) return transientTypes.has(type);
  for (const at of causes(error)) {
    if (connectionNames.has(at.name)) return true;
    if ("code" in at && typeof at.code === "string" && /^E(CONN|PIPE|HOST|NET|TIMEDOUT|AI_AGAIN)/.test(at.code))
      return true;
  }
  return false;
}

/** The broker does not let this user do it. */
export function isRefused(error: unknown): boolean {
  return error instanceof Refused || typeOf(error)?.endsWith("AUTHORIZATION_FAILED") === true;
}

export class NoTopic extends Error {
  override readonly name = "NoTopic";
  constructor(topic: string) {
    super(
      `no topic ${topic} on the cluster: \`driftline topics apply\` makes what is missing, and so does \`driftline run\` where its user may`,
    );
  }
}
