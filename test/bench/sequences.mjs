/**
 * Sequences: how far a rollout can be trusted, what real observations first are worth, and the stream. Runs `driftline evaluate` for each
 * world and prints tables in Markdown: `node test/bench/sequences.mjs DATA OUT [frozen|no-context|stream] [WORLD…]`. DATA holds
 * WORLD-train.jsonl.gz and WORLD-dev.jsonl.gz; what each run said is kept in OUT as JSON, and read from there where no world is named.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const lengths = "1,2,5,10,all";
const givens = "0,1,2,4,8,16";
const worlds = {
  alfworld: ["text-edits"],
  sciworld: ["text-edits"],
  textworld: ["text-edits"],
  webshop: ["text-edits"],
  "retail-api": ["lifted-edits"],
  bytesized32: ["lifted-edits"],
  stabletoolbench: ["text-edits"],
};
const [data, out, mode = "frozen", ...named] = process.argv.slice(2);
const main = new URL("../../dist/main.js", import.meta.url).pathname;
mkdirSync(out, { recursive: true });
for (const world of named) run(world);
for (const print of [printLengths, printWarm, printStream]) print();

function run(world) {
  const train = join(data, `${world}-train.jsonl.gz`);
  const test = ["--test", join(data, `${world}-dev.jsonl.gz`)];
  const rolled = ["--predictor", ...worlds[world], "--open-loop", lengths, "--warm", givens];
  const how = {
    frozen: ["--train", train, ...rolled],
    "no-context": ["--train", train, ...rolled, "--no-context"],
    stream: existsSync(train) ? ["--train", train, "--stream"] : ["--protocol", "prequential"],
  }[mode];
  const args = [main, "evaluate", ...test, ...how, "--by", "agent,action,answer", "--json"];
  const said = spawnSync(process.execPath, args, { encoding: "utf8", maxBuffer: 2 ** 30 });
  if (said.status !== 0) throw new Error(said.stderr);
  writeFileSync(join(out, `${mode}-${world}.json`), said.stdout);
}

function results(kind) {
  return Object.keys(worlds).flatMap((world) => {
    const file = join(out, `${kind}-${world}.json`);
    return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).results : [];
  });
}

function printLengths() {
  const columns = ["1", "2", "5", "10", "all"];
  const head = [
    "environment",
    "predictor",
    ...columns.map((one) => `${one}: right`),
    ...columns.map((one) => `${one}: held`),
  ];
  const rows = [
    ...results("frozen"),
    ...results("no-context").map((one) => ({ ...one, predictor: `${one.predictor}, no context` })),
  ];
  table(
    [...head, "steps to a miss", "of"],
    rows.map(({ environment, predictor, openLoop }) => {
      const at = (length) => openLoop.find((one) => String(one.length) === length);
      const whole = at("all");
      return [
        ...[
          environment,
          predictor,
          ...columns.map((one) => percent(at(one)?.exact)),
          ...columns.map((one) => percent(at(one)?.held)),
        ],
        ...[whole?.heldSteps.toFixed(1) ?? "-", whole?.meanLength.toFixed(1) ?? "-"],
      ];
    }),
  );
}

function printWarm() {
  const rows = ["frozen", "no-context"].flatMap((kind) =>
    results(kind).flatMap(({ environment, predictor, warm }) =>
      warm.map(({ given, next, rest }) => [
        ...[environment, kind === "frozen" ? predictor : `${predictor}, no context`, String(given)],
        ...[String(next.after.n), percent(next.after.exact), percent(rest.after.exact)],
        ...[String(next.common.n), percent(next.common.exact), percent(rest.common.exact)],
      ]),
    ),
  );
  table(["environment", "predictor", "given", "n", "next", "rest", "n common", "next common", "rest common"], rows);
}

function printStream() {
  const head = [
    "environment",
    "predictor",
    "n",
    "exact",
    "95 %",
    "word F1",
    "as JSON",
    "unseen",
    "AUROC",
    "ECE",
    "at 90 %",
  ];
  table(
    head,
    results("stream").map(({ environment, predictor, n, exact, intervals, wordF1, asJson, auroc, ece, sure90 }) => [
      ...[environment, predictor, n.toLocaleString("en"), percent(exact.all), intervals.all.map(percent).join("–")],
      ...[
        percent(wordF1),
        percent(asJson),
        percent(exact.unseen),
        auroc?.toFixed(3) ?? "–",
        ece?.toFixed(3) ?? "–",
        percent(sure90),
      ],
    ]),
  );
}

function percent(ratio) {
  return ratio === null || ratio === undefined ? "–" : (100 * ratio).toFixed(1);
}

function table(head, rows) {
  if (rows.length === 0) return;
  for (const cells of [head, head.map(() => "---"), ...rows]) console.log(`| ${cells.join(" | ")} |`);
  console.log("");
}
