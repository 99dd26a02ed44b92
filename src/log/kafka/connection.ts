/** From options to kafkajs: TLS, SASL, timeouts, and its log lines as ours. Secrets come from the configuration or from mounted files. */
import kafkajs, { type Kafka, type KafkaConfig, type LogEntry } from "kafkajs";
import type { KafkaOptions } from "./options.ts";

const { logLevel } = kafkajs;

export interface ConnectionDeps {
  readonly options: KafkaOptions;
  /** Reads a file of the configuration; throws where it cannot. */
  readonly readFile: (path: string) => string;
  /** A line of the client's own log. */
  readonly onLog: (level: "error" | "warn" | "info" | "debug", message: string, fields: object) => void;
}

/** What every kafkajs client of this process is made with. Throws for a file that cannot be read, with the option that names it. */
export function connectionConfig({ options, readFile, onLog }: ConnectionDeps): KafkaConfig {
  const file = (option: "caFile" | "certFile" | "keyFile" | "passwordFile") => {
    try {
      return options[option] === "" ? undefined : readFile(options[option]);
    } catch (error) {
      throw new Error(`log.kafka.${option}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const { tls, sasl, username } = options;
  const ca = file("caFile");
  const cert = file("certFile");
  const key = file("keyFile");
  const password = file("passwordFile")?.replace(/\r?\n$/, "") ?? options.password;
  function saslOf(): Pick<KafkaConfig, "sasl"> {
    switch (sasl) {
      case "none":
        return {};
      case "plain":
        return { sasl: { mechanism: "plain", username, password } };
      case "scram-sha-256":
        return { sasl: { mechanism: "scram-sha-256", username, password } };
      case "scram-sha-512":
        return { sasl: { mechanism: "scram-sha-512", username, password } };
    }
  }
  return {
    brokers: [...options.brokers],
    clientId: options.clientId,
    connectionTimeout: Math.min(10_000, options.requestMs),
    requestTimeout: options.requestMs,
    // Callers keep one deadline of their own and discard what failed: long retries inside would hide trouble from them.
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 8 },
    logLevel: logLevel.INFO,
    logCreator: () => (entry) => logLine(entry, onLog),
    ...(tls
      ? {
          ssl: {
            ...(ca === undefined ? {} : { ca: [ca] }),
            ...(cert === undefined || key === undefined ? {} : { cert, key }),
          },
        }
      : {}),
    ...saslOf(),
  };
}

export function createKafka(config: KafkaConfig): Kafka {
  return new kafkajs.Kafka(config);
}

/** Of no news to anybody: a transaction right behind another waits for the markers of the first, and retries are finite on purpose. */
const usual = /concurrent|ongoing transaction|Limiting retries/i;

/** What kafkajs retries by itself is no error of ours: it is told as a warning. */
function logLine({ level, namespace, log }: LogEntry, onLog: ConnectionDeps["onLog"]): void {
  const { message, broker, error } = log;
  const fields = {
    of: `kafkajs ${namespace}`,
    ...(typeof broker === "string" ? { broker } : {}),
    ...(typeof error === "string" ? { error } : {}),
  };
  if (usual.test(`${message} ${String(error ?? "")}`)) return onLog("debug", message, fields);
  onLog(level <= logLevel.WARN ? "warn" : level === logLevel.INFO ? "info" : "debug", message, fields);
}
