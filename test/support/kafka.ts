/** A real Kafka cluster of one or three brokers on loopback, whose brokers can be killed, stopped, started anew, and put behind bad networks. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kafka, type KafkaConfig, logLevel } from "kafkajs";
import { until } from "./driftline.ts";
import { ended, endWithUs } from "./guard.ts";
import { kafkaClassPath } from "./kafka-jars.ts";
import { type BrokerPorts, brokerProperties, propertiesText, type Security, type User } from "./kafka-properties.ts";
import { freePorts } from "./ports.ts";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";

export interface KafkaOptions {
  readonly brokers?: 1 | 3;
  /** A proxy before every broker: clients of `brokers` go through `proxies`, the brokers among themselves do not. */
  readonly proxied?: boolean;
  /** Listeners with SASL and an authorizer that refuses whom no access list names. */
  readonly secure?: boolean;
  readonly heapMb?: number;
  readonly properties?: Readonly<Record<string, string>>;
}

export interface SecureListeners {
  /** SASL_SSL: PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512. */
  readonly brokers: readonly string[];
  /** The same without TLS. */
  readonly clear: readonly string[];
  /** PEM of what to trust. */
  readonly ca: string;
  /** Access lists know each as `User:NAME`. None may do anything until one says so; `admin` may do everything. */
  readonly users: Readonly<Record<keyof typeof users, User>>;
}

export interface KafkaCluster {
  /** host:port of each broker, in the clear. Where `secure`, who comes this way is a super user. */
  readonly brokers: readonly string[];
  /** The same around the proxies. */
  readonly direct: readonly string[];
  readonly proxies: readonly TcpProxy[];
  readonly secure: SecureListeners | null;
  readonly folder: string;
  pid(index: number): number;
  isUp(index: number): boolean;
  /** SIGKILL; resolves once it is gone. */
  kill(index: number): Promise<void>;
  /** Starts it on its data; resolves once the cluster lists it. */
  restart(index: number): Promise<void>;
  /** SIGSTOP, SIGCONT. */
  pause(index: number): void;
  resume(index: number): void;
  /** Once every broker that is up is listed. */
  ready(): Promise<void>;
  /** Text of a broker's log. */
  log(index: number): string;
  stop(): Promise<void>;
}

const readyMs = 90_000;
const keystorePassword = "changeit-in-tests";
const users = {
  admin: { name: "admin", password: "admin-secret" },
  alice: { name: "alice", password: "alice-secret" },
  bob: { name: "bob", password: "bob-secret" },
  // One for each sub-topology.
  track: { name: "driftline-track", password: "track-secret" },
  "predict-remote": { name: "driftline-predict-remote", password: "predict-remote-secret" },
  learn: { name: "driftline-learn", password: "learn-secret" },
  monitor: { name: "driftline-monitor", password: "monitor-secret" },
  serve: { name: "driftline-serve", password: "serve-secret" },
} as const;
/** Quick to start rather than quick at its peak. */
const jvm = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dlog4j2.level=WARN"];

export async function startKafka(options: KafkaOptions = {}): Promise<KafkaCluster> {
  const { brokers: count = 1, proxied = false, secure = false, heapMb = 384, properties = {} } = options;
  const classPath = await kafkaClassPath();
  const folder = mkdtempSync(join(tmpdir(), "driftline-kafka-"));
  const security = secure ? makeSecurity(folder) : null;
  const each = 5;
  const free = await freePorts(count * each);
  const proxies: TcpProxy[] = [];
  const ports: BrokerPorts[] = [];
  for (let at = 0; at < count; at++) {
    const [client = 0, inner = 0, controller = 0, saslSsl = 0, sasl = 0] = free.slice(at * each, (at + 1) * each);
    if (proxied) proxies.push(await startTcpProxy(() => ({ host: "127.0.0.1", port: client })));
    ports.push({ client, advertised: proxies[at]?.port ?? client, inner, controller, saslSsl, sasl });
  }
  const address = (port: number) => `127.0.0.1:${port}`;
  const direct = ports.map(({ inner }) => address(inner));
  const children: (ChildProcess | null)[] = ports.map(() => null);
  const home = (index: number) => join(folder, `broker-${index + 1}`);
  const config = (index: number) => join(home(index), "server.properties");

  for (const index of ports.keys()) {
    mkdirSync(home(index), { recursive: true });
    const all = { ...brokerProperties(index + 1, ports, home(index), security), ...properties };
    writeFileSync(config(index), propertiesText(all));
  }
  format(
    classPath,
    ports.map((_, index) => config(index)),
    security !== null,
  );

  function launch(index: number): void {
    const log = openSync(join(home(index), "broker.log"), "a");
    const heap = [`-Xmx${heapMb}m`, "-Xms128m"];
    const child = spawn("java", [...heap, ...jvm, "-cp", classPath, "kafka.Kafka", config(index)], {
      cwd: home(index),
      stdio: ["ignore", log, log],
    });
    endWithUs(child);
    children[index] = child;
    child.once("exit", () => {
      if (children[index] === child) children[index] = null;
    });
  }
  const running = (index: number): ChildProcess => {
    const child = children[index];
    if (child === null || child === undefined) throw new Error(`broker ${index} is not running`);
    return child;
  };
  const up = () => [...ports.keys()].filter((index) => children[index] !== null);
  const logOf = (index: number) => readFileSync(join(home(index), "broker.log"), "utf8");

  const self: KafkaCluster = {
    brokers: ports.map(({ advertised }) => address(advertised)),
    direct,
    proxies,
    secure:
      security === null
        ? null
        : {
            brokers: ports.map(({ saslSsl }) => address(saslSsl)),
            clear: ports.map(({ sasl }) => address(sasl)),
            ca: readFileSync(join(folder, "ca.pem"), "utf8"),
            users,
          },
    folder,
    pid: (index) => running(index).pid ?? 0,
    isUp: (index) => children[index] !== null,
    async kill(index) {
      const child = running(index);
      child.kill("SIGKILL");
      await ended(child);
      children[index] = null;
    },
    async restart(index) {
      if (children[index] === null) launch(index);
      await self.ready();
    },
    pause: (index) => void running(index).kill("SIGSTOP"),
    resume: (index) => void running(index).kill("SIGCONT"),
    async ready() {
      const wanted = up();
      try {
        await until(
          () =>
            lists(
              wanted.map((index) => direct[index] ?? ""),
              wanted.length,
            ),
          readyMs,
          "Kafka is ready",
        );
      } catch (error) {
        throw new Error(`${String(error)}\n${wanted.map((index) => logOf(index).slice(-2_000)).join("\n")}`);
      }
    },
    log: logOf,
    async stop() {
      await Promise.all(
        children.map(async (child) => {
          if (child === null) return;
          child.kill("SIGKILL");
          await ended(child);
        }),
      );
      await Promise.all(proxies.map((proxy) => proxy.close()));
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  for (const index of ports.keys()) launch(index);
  try {
    await self.ready();
  } catch (error) {
    await self.stop();
    throw error;
  }
  return self;
}

/** A kafkajs client for the tests' own use: silent, and patient with a broker that comes back. */
export function kafkaClient(
  brokers: readonly string[],
  clientId = "tests",
  more: Partial<Omit<KafkaConfig, "brokers">> = {},
): Kafka {
  const retry = { initialRetryTime: 50, maxRetryTime: 1_000, retries: 30 };
  const plain = { clientId, brokers: [...brokers], logLevel: logLevel.NOTHING, connectionTimeout: 3_000, retry };
  return new Kafka({ ...plain, ...more });
}

async function lists(brokers: readonly string[], count: number): Promise<boolean> {
  const retry = { retries: 0 };
  for (const broker of brokers) {
    const admin = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING, connectionTimeout: 1_000, retry }).admin();
    try {
      await admin.connect();
      const cluster = await admin.describeCluster();
      if (cluster.brokers.length < count || cluster.controller === null) return false;
    } catch {
      return false;
    } finally {
      await admin.disconnect().catch(() => {});
    }
  }
  return true;
}

function format(classPath: string, configs: readonly string[], secure: boolean): void {
  const id = randomBytes(16).toString("base64url").replace(/^-/, "k");
  const scram = Object.values(users).flatMap(({ name, password }) =>
    ["SCRAM-SHA-256", "SCRAM-SHA-512"].flatMap((mechanism) => [
      "--add-scram",
      `${mechanism}=[name=${name},password=${password}]`,
    ]),
  );
  for (const config of configs) {
    const tool = ["-cp", classPath, "-Dlog4j2.level=ERROR", ...jvm.slice(0, 2), "kafka.tools.StorageTool", "format"];
    execFileSync("java", [...tool, "-t", id, "-c", config, ...(secure ? scram : [])], { stdio: "pipe" });
  }
}

function makeSecurity(folder: string): Security {
  const keystore = join(folder, "broker.p12");
  const store = ["-keystore", keystore, "-storetype", "PKCS12", "-storepass", keystorePassword, "-alias", "broker"];
  const names = ["-dname", "CN=localhost", "-ext", "SAN=dns:localhost,ip:127.0.0.1", "-ext", "bc:c"];
  execFileSync("keytool", ["-genkeypair", "-keyalg", "RSA", "-validity", "30", ...store, ...names], { stdio: "pipe" });
  const pem = execFileSync("keytool", ["-exportcert", "-rfc", ...store], { encoding: "utf8", stdio: "pipe" });
  writeFileSync(join(folder, "ca.pem"), pem);
  return { keystore, keystorePassword, users: Object.values(users) };
}
