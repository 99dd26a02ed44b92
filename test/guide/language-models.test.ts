/** The README's commands for language models: the model's on a real file, the service's with a server in the place of the services. */
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { llamaCppVersion } from "../../src/predictors/llama/binding.ts";
import { remoteFactories } from "../../src/predictors/remote-registry.ts";
import { root } from "../style/sources.ts";
import { completion, startChatServer } from "../support/chat-server.ts";
import { temporaryFolder } from "../support/driftline.ts";
import { smallModel } from "../support/llama-peer.ts";
import { bash, blockIn, blocksIn, linesOf, readme } from "./blocks.ts";

const section = "Language models as predictors";
const small = await smallModel();
const folder = temporaryFolder();
afterAll(() => folder.cleanup());
for (const name of ["src", "dist"]) symlinkSync(join(root, name), join(folder.path, name));

function shell(command: string) {
  const [alias = ""] = linesOf(blockIn("Commands", "sh"));
  return bash(`shopt -s expand_aliases\n${alias}\n${command}\n`, folder.path);
}

it("install the version that is pinned", () => {
  const [install = ""] = blocksIn(section, "sh", 3);
  const { peerDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  expect(install).toContain(`node-llama-cpp@${llamaCppVersion}\n`);
  expect(peerDependencies).toMatchObject({ "node-llama-cpp": llamaCppVersion });
});

it.runIf(small !== null)("score a model on the sample, with the library of the working directory", async () => {
  symlinkSync(small?.model ?? "", join(folder.path, "model.gguf"));
  symlinkSync(join(small?.peers ?? "", "node_modules"), join(folder.path, "node_modules"));
  const said = await shell((blocksIn(section, "sh", 3)[1] ?? "").replace("--limit 4 ", "--limit 2 "));
  expect(said.code, said.err).toBe(0);
  expect(said.out).toContain("Only the first 2 steps (--limit).");
  expect(said.out).toMatch(/^textworld +llama +2 /m);
  expect(said.out).toMatch(/^llama +\d+ +\d+ +\d+ /m);
});

it("score services beside one another", async () => {
  const server = await startChatServer(completion("You are in the garden."));
  symlinkSync(join(root, "src/ingest/sample/textworld.jsonl.gz"), join(folder.path, "episodes.jsonl"));
  const command = (blocksIn(section, "sh", 3)[2] ?? "")
    .replace("http://127.0.0.1:8000/v1", server.url)
    .replace("--model gpt-4o ", `--model gpt-4o --url ${server.url} `)
    .replace("--limit 200", "--limit 10");
  const said = await shell(command);
  await server.close();
  expect(said.code, said.err).toBe(0);
  expect(said.out).toMatch(/^textworld +gpt-4o +10 /m);
  expect(said.out).toMatch(/^textworld +mine +10 /m);
});

it("name options that exist, of the predictor that has them", () => {
  const rows = [...readme.matchAll(/^\| (`[a-zA-Z`, ]+`) \| (both|`llama`|`openai`) \|/gm)];
  expect(rows.length).toBeGreaterThan(8);
  for (const [, options = "", of = ""] of rows) {
    for (const { kind, optionsSchema } of remoteFactories) {
      if (kind === "neural") continue;
      if (of !== "both" && of !== `\`${kind}\``) continue;
      for (const [, option = ""] of options.matchAll(/`(\w+)`/g))
        expect(Object.keys(optionsSchema.properties)).toContain(option);
    }
  }
});
