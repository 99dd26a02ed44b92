/** The layout, import direction and ceilings of DESIGN 8 and STYLE 1. Each rule is shown to fail on a planted violation. */
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { importsOf, root, sourceFiles } from "./sources.ts";

const files = sourceFiles("src");
const stages = ["ingest", "track", "predict-remote", "learn", "monitor", "dataset", "serve"];
/** What a folder may import, beside itself and packages. The composition root and the command line may import everything. */
const shared = ["json", "codec", "log", "blobs", "stats"];
const allowed: Readonly<Record<string, readonly string[]>> = {
  json: [],
  stats: ["json"],
  blobs: ["json", "codec", "log"],
  codec: ["json"],
  registry: ["json"],
  log: ["json", "codec", "registry"],
  predictors: shared,
  run: shared,
  ...Object.fromEntries(stages.map((stage) => [stage, [...shared, "predictors", "run"]])),
};

function folderOf(path: string): string {
  const [, second, third] = path.split("/");
  return third === undefined ? "(root)" : (second ?? "");
}

function forbiddenImports(path: string, imports: readonly string[]): readonly string[] {
  const folder = folderOf(path);
  const rule = allowed[folder];
  if (rule === undefined) return [];
  return imports
    .filter((target) => target.startsWith("src/"))
    .filter((target) => {
      const to = folderOf(target);
      if (to === folder || rule.includes(to)) return false;
      // Where the product and its built program are, and pure data and formulas that the read side shows: the topology, the summary of a rollup.
      const plain = ["src/root.ts", "src/main-file.ts", "src/topology.ts"].includes(target);
      return !(plain || (folder === "serve" && target === "src/monitor/summary.ts"));
    })
    .map((target) => `${path} imports ${target}`);
}

/** Lines that load something: imports of both kinds, `require`, and the loaders of `tensorflow.ts`. */
function importLines(text: string): string {
  return text
    .split("\n")
    .filter((line) => /\b(from|import|require|load)\b/.test(line) && !/^\s*\*/.test(line))
    .join("\n");
}

describe("layout", () => {
  it("keeps the top level of the repository as designed", () => {
    const wanted = [
      "LICENSE",
      "README.md",
      "deploy",
      "package-lock.json",
      "package.json",
      "schemas",
      "src",
      "test",
      "topics",
      "tsconfig.json",
    ];
    // What is not the repository's own: built, installed, or the configuration of who works here.
    const own = ["node_modules", "dist", "coverage", "driftline.json"];
    const found = readdirSync(root).filter((name) => !name.startsWith(".") && !own.includes(name));
    expect(found.filter((name) => !wanted.includes(name))).toEqual([]);
  });

  it("lets imports point one way: stages, then predictors, then what several stages stand on", () => {
    expect(files.flatMap((file) => forbiddenImports(file.path, file.imports))).toEqual([]);
  });

  it("would notice a stage that reaches into another, and a shared folder that reaches up", () => {
    const text = 'import { x } from "../track/pair/logic.ts";';
    expect(forbiddenImports("src/monitor/logic.ts", importsOf("src/monitor/logic.ts", text))).toHaveLength(1);
    expect(
      forbiddenImports("src/json/patch.ts", importsOf("src/json/patch.ts", 'export * from "../run/stage.ts";')),
    ).toHaveLength(1);
  });

  it("finds the product's files from its root alone: a bundled module lies elsewhere than its source", () => {
    const found = files.filter(({ text }) => /new URL\([^)]*import\.meta\.url/.test(text)).map(({ path }) => path);
    // A build's own configuration is not bundled.
    expect(found.filter((path) => !path.includes(".config."))).toEqual(["src/root.ts"]);
  });

  it("lets one file import TensorFlow.js", () => {
    const touching = files.filter(({ text }) => /["']@tensorflow\/[^"']+["']/.test(importLines(text)));
    expect(touching.map(({ path }) => path)).toEqual(["src/predictors/tensor/tensorflow.ts"]);
    expect(importLines('import type * as tf from "@tensorflow/tfjs";\nconst a = require("@tensorflow/x");')).toContain(
      "/x",
    );
  });

  it("keeps every source file within 300 lines", () => {
    expect(files.filter((file) => file.lines.length > 301).map((file) => `${file.path}: ${file.lines.length}`)).toEqual(
      [],
    );
  });

  it("keeps the median source file near 100 lines", () => {
    const lengths = files.map((file) => file.lines.length).sort((a, b) => a - b);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(130);
  });

  it("gives every source file a header comment that says what it is", () => {
    const bare = files.filter((file) => !/^(#!.*\n)?\/[/*]/.test(file.text)).map((file) => file.path);
    expect(bare).toEqual([]);
  });
});
