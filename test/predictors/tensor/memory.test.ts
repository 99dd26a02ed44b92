/** A forward pass that is repeated leaves no tensor behind and takes no more memory; 100,000 times: `test/bench/TENSORS.md`. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "../../guide/blocks.ts";
import { root } from "../../style/sources.ts";
import { nativeIsThere } from "../../support/tensor.ts";

const backends = (await nativeIsThere()) ? ["tensorflow", "wasm"] : ["wasm"];
/** Of the fast one; wasm takes several times as long. */
const batches: Readonly<Record<string, number>> = { tensorflow: 2_000, wasm: 150 };

describe("forward passes, over and over", () => {
  it.each(backends)("keep the number of tensors and the memory on %s", { timeout: 240_000 }, async (backend) => {
    const args = ["test/bench/tensors.mjs", "--backend", backend, "--batches", String(batches[backend])];
    const { code, out, err } = await run(process.execPath, args, join(root));
    expect(code, err).toBe(0);
    const { tensors, rssMegabytes, msPerBatch } = JSON.parse(out);
    console.info(`${backend}: ${msPerBatch} ms a batch, ${JSON.stringify(rssMegabytes)} MB`);
    // The eleven weights.
    expect(tensors).toEqual({ atFirst: 11, most: 11, last: 11 });
    expect(rssMegabytes.most).toBeLessThan(rssMegabytes.atFirst + 64);
  });
});
