/** Differences that are patches: what is written can be applied. */
import { describe, expect, it } from "vitest";
import { applyPatch, diffPatch, patchBetween, patchOperationsMax } from "../../src/json/patch.ts";

describe("a patch between two values", () => {
  it("is their difference, and the whole value where that has more operations than are applied", () => {
    const list = (count: number, by: number) => ({ list: Array.from({ length: count }, (_, at) => at + by) });
    for (const count of [0, 1, patchOperationsMax, patchOperationsMax + 1]) {
      const [from, to] = [list(count, 0), list(count, 1)];
      const patch = patchBetween(from, to);
      expect(applyPatch(from, patch)).toEqual({ ok: true, value: to });
      if (count <= patchOperationsMax) expect(patch).toEqual(diffPatch(from, to));
      else expect(patch).toEqual([{ op: "replace", path: "", value: to }]);
    }
  });
});
