/** The broker that tests run against: Apache Kafka from Maven Central, fetched once into an ignored folder of the repository. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../style/sources.ts";
import { required, requireTool } from "./require.ts";

const kafka = "4.2.0";
const log4j = "2.24.3";
const javaMin = 17;
const folder = join(root, ".cache/kafka", kafka);

/** Whether tests of Kafka can run here: a broker of the user's, or what it takes to start one. Says loudly what is missing. */
export function kafkaIsThere(): boolean {
  if (process.env["KAFKA_BROKERS"] !== undefined) return true;
  return canStartKafka();
}

/** As `kafkaIsThere`, for tests that kill brokers or need listeners of their own. */
export function canStartKafka(): boolean {
  if (!requireTool("java")) return false;
  const said = spawnSync("java", ["-version"], { encoding: "utf8" }).stderr;
  const version = Number(/version "(\d+)/.exec(said)?.[1] ?? 0);
  if (!required(version >= javaMin, `Kafka ${kafka} needs Java ${javaMin}, this is ${version}`)) return false;
  return existsSync(folder) || requireTool("mvn");
}

/** The class path of the broker. Several processes may ask at once: each fetches aside, one rename wins. */
export async function kafkaClassPath(): Promise<string> {
  if (!existsSync(folder)) {
    mkdirSync(dirname(folder), { recursive: true });
    const aside = mkdtempSync(join(dirname(folder), "fetch-"));
    try {
      writeFileSync(join(aside, "pom.xml"), pom());
      const to = `-DoutputDirectory=${join(aside, "libs")}`;
      await maven(aside, ["dependency:copy-dependencies", "-DincludeScope=runtime", to]);
      renameSync(join(aside, "libs"), folder);
    } catch (error) {
      if (!existsSync(folder)) throw error;
    } finally {
      rmSync(aside, { recursive: true, force: true });
    }
  }
  return join(folder, "*");
}

export function maven(cwd: string, goal: readonly string[]): Promise<void> {
  const child = spawn("mvn", ["-q", "-B", ...goal], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += String(chunk)));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`mvn ended with ${code}: ${said}`))));
  });
}

function pom(): string {
  const dependency = (group: string, artifact: string, version: string) =>
    `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>driftline</groupId>
  <artifactId>broker</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    ${dependency("org.apache.kafka", "kafka_2.13", kafka)}
    ${dependency("org.apache.logging.log4j", "log4j-slf4j-impl", log4j)}
    ${dependency("org.apache.logging.log4j", "log4j-core", log4j)}
  </dependencies>
</project>
`;
}
