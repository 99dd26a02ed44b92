/** Connections to the user's cluster for who looks after it: no group is joined, nothing is written. */
import { type Admin, createAdmin } from "./admin.ts";
import { type Brokers, openBrokers } from "./brokers.ts";
import { type ConnectionDeps, connectionConfig, createKafka } from "./connection.ts";
import { mendIdleTimers } from "./kafkajs.ts";

export interface KafkaAccess {
  readonly admin: Admin;
  readonly brokers: Brokers;
  /** A topic's, group's or transactional id's name on the cluster. */
  readonly far: (name: string) => string;
  close(): Promise<void>;
}

export interface AccessDeps extends ConnectionDeps {
  /** Epoch ms. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

export function openKafkaAccess(deps: AccessDeps): KafkaAccess {
  const { options, now, sleep } = deps;
  mendIdleTimers(now);
  const config = connectionConfig(deps);
  const brokers = openBrokers({ kafka: createKafka(config), config, deadlineMs: options.requestMs, now, sleep });
  return {
    admin: createAdmin(brokers),
    brokers,
    far: (name) => `${options.prefix}${name}`,
    close: () => brokers.close(),
  };
}
