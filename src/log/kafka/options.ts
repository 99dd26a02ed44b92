/** How the log is reached: the embedded file, or the user's own Kafka. */
import { type Static, Type } from "@sinclair/typebox";

export const kafkaOptionsSchema = Type.Object(
  {
    brokers: Type.Array(Type.String({ pattern: "^[^:]+:[0-9]+$" }), {
      default: [],
      description: "Where to find the cluster: host:port, one or more, with commas between.",
    }),
    guarantee: Type.Union([Type.Literal("at-least-once"), Type.Literal("exactly-once")], {
      default: "at-least-once",
      description:
        "at-least-once (record identities make doubles harmless) or exactly-once (outputs, offsets and note in one transaction).",
    }),
    prefix: Type.String({
      default: "",
      pattern: "^[A-Za-z0-9._-]{0,100}$",
      description: "Put before the name of every topic, group and transactional id, where a cluster is shared.",
    }),
    replication: Type.Integer({
      default: 0,
      minimum: 0,
      maximum: 100,
      description: "Copies of each topic that is made; 0: three, or as many as there are brokers.",
    }),
    clientId: Type.String({
      default: "driftline",
      minLength: 1,
      maxLength: 200,
      description: "Name of this client in the brokers' logs and quotas.",
    }),
    instanceId: Type.String({
      default: "",
      pattern: "^[A-Za-z0-9._-]{0,200}$",
      description:
        "Name of this process that outlives it (static membership): a restart within sessionMs moves no partition. Empty: dynamic membership.",
    }),
    sessionMs: Type.Integer({
      default: 30_000,
      minimum: 1_000,
      maximum: 1_800_000,
      description: "A process that is silent for so long loses its partitions to the others.",
    }),
    transactionMs: Type.Integer({
      default: 60_000,
      minimum: 1_000,
      maximum: 900_000,
      description: "A transaction that is open for so long is aborted by the broker (exactly-once).",
    }),
    requestMs: Type.Integer({
      default: 30_000,
      minimum: 1_000,
      maximum: 600_000,
      description: "How long a request may take before it counts as failed.",
    }),
    tls: Type.Boolean({ default: false, description: "Encrypt connections to the brokers (TLS)." }),
    caFile: Type.String({ default: "", description: "PEM file of the authorities to trust (default: the system's)." }),
    certFile: Type.String({
      default: "",
      description: "PEM file of the client's certificate, where brokers ask for one.",
    }),
    keyFile: Type.String({ default: "", description: "PEM file of the client's key." }),
    sasl: Type.Union(
      [Type.Literal("none"), Type.Literal("plain"), Type.Literal("scram-sha-256"), Type.Literal("scram-sha-512")],
      { default: "none", description: "How to log in: none, plain, scram-sha-256 or scram-sha-512." },
    ),
    username: Type.String({ default: "", description: "Name to log in with." }),
    password: Type.String({ default: "", description: "Password to log in with; better a passwordFile." }),
    passwordFile: Type.String({ default: "", description: "File that holds the password, as secrets are mounted." }),
  },
  { additionalProperties: false },
);
export type KafkaOptions = Static<typeof kafkaOptionsSchema>;

/** What no schema says of single options. */
export function kafkaProblems(kafka: KafkaOptions): readonly string[] {
  const problems: string[] = [];
  if (kafka.brokers.length === 0) problems.push("log.kafka.brokers: name a broker, such as --brokers 127.0.0.1:9092");
  if (kafka.sasl !== "none" && (kafka.username === "" || (kafka.password === "") === (kafka.passwordFile === ""))) {
    problems.push(`log.kafka.sasl: ${kafka.sasl} needs a username and either a password or a passwordFile`);
  }
  if (kafka.sasl === "plain" && !kafka.tls && !kafka.brokers.every(isLoopbackBroker)) {
    problems.push("log.kafka.sasl: plain sends the password as it is: set log.kafka.tls, or use scram-sha-512");
  }
  if ((kafka.certFile === "") !== (kafka.keyFile === "")) {
    problems.push("log.kafka.certFile and log.kafka.keyFile belong together");
  }
  if (!kafka.tls && [kafka.caFile, kafka.certFile].some((file) => file !== "")) {
    problems.push("log.kafka.caFile and log.kafka.certFile need log.kafka.tls");
  }
  return problems;
}

function isLoopbackBroker(broker: string): boolean {
  return /^(localhost|127\.[0-9.]+|\[::1\]):/.test(broker);
}
