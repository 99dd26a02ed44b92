/** The configuration of one broker of the tests: combined broker and controller, small, quick to notice the dead. */
import { join } from "node:path";

export interface BrokerPorts {
  /** What clients connect to. */
  readonly client: number;
  /** What the broker tells clients to connect to: its own port, or that of a proxy before it. */
  readonly advertised: number;
  /** Among brokers, and for administration around a proxy. */
  readonly inner: number;
  readonly controller: number;
  /** SASL over TLS, and SASL in the clear; only where secure. */
  readonly saslSsl: number;
  readonly sasl: number;
}

export interface User {
  readonly name: string;
  readonly password: string;
}

export interface Security {
  /** PKCS 12 with the broker's key. */
  readonly keystore: string;
  readonly keystorePassword: string;
  readonly users: readonly User[];
}

export function brokerProperties(
  id: number,
  all: readonly BrokerPorts[],
  folder: string,
  security: Security | null,
): Readonly<Record<string, string>> {
  const ports = all[id - 1];
  if (ports === undefined) throw new Error(`there is no broker ${id}`);
  const copies = String(Math.min(3, all.length));
  const acked = all.length > 1 ? "2" : "1";
  const spread = all.length > 1 ? "6" : "1";
  const listeners = { CLIENT: ports.client, INNER: ports.inner };
  const secured = security === null ? {} : { SECURE: ports.saslSsl, LOGIN: ports.sasl };
  const named = (map: Readonly<Record<string, number>>) =>
    Object.entries(map).map(([name, port]) => `${name}://127.0.0.1:${port}`);
  return {
    "process.roles": "broker,controller",
    "node.id": String(id),
    "controller.quorum.voters": all.map(({ controller }, at) => `${at + 1}@127.0.0.1:${controller}`).join(","),
    listeners: named({ ...listeners, ...secured, CONTROLLER: ports.controller }).join(","),
    "advertised.listeners": named({ ...listeners, CLIENT: ports.advertised, ...secured }).join(","),
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "INNER",
    "listener.security.protocol.map":
      "CONTROLLER:PLAINTEXT,CLIENT:PLAINTEXT,INNER:PLAINTEXT,SECURE:SASL_SSL,LOGIN:SASL_PLAINTEXT",
    "log.dirs": join(folder, "data"),
    "offsets.topic.replication.factor": copies,
    "offsets.topic.num.partitions": spread,
    "transaction.state.log.replication.factor": copies,
    "transaction.state.log.min.isr": acked,
    "transaction.state.log.num.partitions": spread,
    "share.coordinator.state.topic.replication.factor": copies,
    "share.coordinator.state.topic.min.isr": acked,
    "group.initial.rebalance.delay.ms": "0",
    "group.min.session.timeout.ms": "1000",
    "auto.create.topics.enable": "false",
    // The dead are noticed and their transactions aborted within seconds.
    "broker.heartbeat.interval.ms": "500",
    "broker.session.timeout.ms": "3000",
    "replica.lag.time.max.ms": "5000",
    "transaction.abort.timed.out.transaction.cleanup.interval.ms": "1000",
    // Small heaps.
    "log.cleaner.threads": "1",
    "log.cleaner.dedupe.buffer.size": "8388608",
    "num.network.threads": "2",
    "num.io.threads": "4",
    ...(security === null ? {} : securityProperties(security)),
  };
}

function securityProperties({ keystore, keystorePassword, users }: Security): Readonly<Record<string, string>> {
  const plain = users.map(({ name, password }) => `user_${name}="${password}"`).join(" ");
  const perListener = ["secure", "login"].flatMap((listener) => [
    [`listener.name.${listener}.sasl.enabled.mechanisms`, "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512"],
    [
      `listener.name.${listener}.plain.sasl.jaas.config`,
      `org.apache.kafka.common.security.plain.PlainLoginModule required ${plain};`,
    ],
    ...["scram-sha-256", "scram-sha-512"].map((mechanism) => [
      `listener.name.${listener}.${mechanism}.sasl.jaas.config`,
      "org.apache.kafka.common.security.scram.ScramLoginModule required;",
    ]),
  ]);
  return {
    ...Object.fromEntries(perListener),
    "listener.name.secure.ssl.keystore.type": "PKCS12",
    "listener.name.secure.ssl.keystore.location": keystore,
    "listener.name.secure.ssl.keystore.password": keystorePassword,
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    // Who comes by the listeners in the clear without a login: brokers, and tests that administer.
    "super.users": "User:ANONYMOUS;User:admin",
    "allow.everyone.if.no.acl.found": "false",
  };
}

/** The name of a user as access lists say it. */
export const principalOf = ({ name }: User) => `User:${name}`;

export function propertiesText(properties: Readonly<Record<string, string>>): string {
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}
