/**
 * Whether tensors leak: a small decoder's forward pass (one layer of copy attention, width 64, 4 x 32 tokens of 256), read back and thrown away,
 * over and over. `node test/bench/tensors.mjs [--backend NAME] [--batches N] [--minutes N]` prints a row of `TENSORS.md` as JSON: tensors
 * and resident memory after a tenth of the batches, 2,000 at most, then at most, and at the end.
 */
import { parseArgs } from "node:util";
import { nativeEnvironment } from "../../dist/predictors/tensor/native.js";
import { chancesAfter, decoder } from "../../dist/predictors/tensor/operators/decoder.js";
import { ids } from "../../dist/predictors/tensor/operators/operator.js";
import { openTensors } from "../../dist/predictors/tensor/tensors.js";

const { values } = parseArgs({
  options: { backend: { type: "string" }, batches: { type: "string" }, minutes: { type: "string" } },
});
const batchesMax = Number(values.batches ?? 2_000);
const secondsMax = 60 * Number(values.minutes ?? 600);
const first = Math.min(2_000, Math.ceil(batchesMax / 10));
const size = { vocabulary: 256, width: 64, heads: 4, length: 32, batch: 4 };

Object.assign(process.env, nativeEnvironment);
const { tf, read, backend } = await openTensors({
  purpose: "inference",
  backend: values.backend ?? "auto",
  env: process.env,
  log() {},
});
const model = decoder(tf, size);
const megabytes = () => Math.round(process.memoryUsage.rss() / 1e6);

let [tensorsAtFirst, tensorsMost, rssAtFirst, rssMost, checksum] = [0, 0, 0, 0, 0];
const start = performance.now();
let batches = 0;
for (; batches < batchesMax && (performance.now() - start) / 1_000 < secondsMax; batches++) {
  const chosen = tf.tidy(() => {
    const tokens = ids(tf, [size.batch, size.length], size.vocabulary, batches);
    return tf.argMax(chancesAfter(tf, model, tokens, size), -1);
  });
  checksum = (checksum + (await read(chosen)).reduce((sum, id) => sum + id, 0)) % 1_000_003;
  chosen.dispose();
  const { numTensors } = tf.memory();
  if (batches === first) [tensorsAtFirst, rssAtFirst] = [numTensors, megabytes()];
  if (batches > first) tensorsMost = Math.max(tensorsMost, numTensors);
  if (batches > first && batches % 50 === 0) rssMost = Math.max(rssMost, megabytes());
}
const seconds = (performance.now() - start) / 1_000;
console.log(
  JSON.stringify({
    backend: `${backend.name} (${backend.device})`,
    batches,
    tensors: { atFirst: tensorsAtFirst, most: tensorsMost, last: tf.memory().numTensors },
    rssMegabytes: { atFirst: rssAtFirst, most: rssMost, last: megabytes() },
    msPerBatch: Number(((1_000 * seconds) / batches).toFixed(2)),
    checksum,
  }),
);
