/** A real schema registry on loopback: Apicurio Registry from Maven Central, in memory, fetched once into an ignored folder of the repository. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { root } from "../style/sources.ts";
import { until } from "./driftline.ts";
import { ended, endWithUs } from "./guard.ts";
import { canStartKafka, maven } from "./kafka-jars.ts";
import { freePorts } from "./ports.ts";
import { requireTool } from "./require.ts";

const version = "3.0.9";
const folder = join(root, ".cache/apicurio", version);
const readyMs = 90_000;

export interface TestRegistry {
  /** Root of its Confluent API. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Whether tests of a registry can run here; `SCHEMA_REGISTRY_URL` names one of the user's. Says loudly what is missing. */
export function registryIsThere(): boolean {
  if (process.env["SCHEMA_REGISTRY_URL"] !== undefined) return true;
  return canStartKafka() && (existsSync(folder) || requireTool("mvn"));
}

export async function startRegistry(): Promise<TestRegistry> {
  await fetchOnce();
  const [port = 0] = await freePorts(1);
  const home = mkdtempSync(join(tmpdir(), "driftline-registry-"));
  const log = openSync(join(home, "registry.log"), "a");
  const jvm = ["-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];
  const http = [
    "-Dquarkus.http.host=127.0.0.1",
    `-Dquarkus.http.port=${port}`,
    "-Dquarkus.http.access-log.enabled=false",
  ];
  const jar = join(folder, `apicurio-registry-app-${version}-runner.jar`);
  const child = spawn("java", [...jvm, ...http, "-jar", jar], { cwd: home, stdio: ["ignore", log, log] });
  endWithUs(child);
  const url = `http://127.0.0.1:${port}/apis/ccompat/v7`;
  const stop = async () => {
    child.kill("SIGKILL");
    await ended(child);
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await until(
      async () => (await fetch(`${url}/subjects`).catch(() => null))?.ok === true,
      readyMs,
      "Apicurio answers",
    );
    // Confluent's default, which Apicurio leaves open.
    await fetch(`${url}/config`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ compatibility: "BACKWARD" }),
    });
  } catch (error) {
    const said = readFileSync(join(home, "registry.log"), "utf8").slice(-2_000);
    await stop();
    throw new Error(`${String(error)}\n${said}`);
  }
  return { url, stop };
}

/** Several processes may ask at once: each fetches aside, one rename wins. */
async function fetchOnce(): Promise<void> {
  if (existsSync(folder)) return;
  mkdirSync(dirname(folder), { recursive: true });
  const aside = mkdtempSync(join(dirname(folder), "fetch-"));
  try {
    const artifact = `io.apicurio:apicurio-registry-app:${version}:tar.gz:all`;
    await maven(aside, ["dependency:unpack", `-Dartifact=${artifact}`, `-DoutputDirectory=${join(aside, "app")}`]);
    renameSync(join(aside, "app"), folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}
