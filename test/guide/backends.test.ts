/** The README's section on backends: its commands run as written, and its table is that of the code. */
import { describe, expect, it } from "vitest";
import { backendNames } from "../../src/predictors/tensor/backend.ts";
import { operators } from "../../src/predictors/tensor/operators/suite.ts";
import { root } from "../style/sources.ts";
import { nativeIsThere } from "../support/tensor.ts";
import { bash, blockIn, linesOf, sectionOf } from "./blocks.ts";

const title = "GPU and backends";
const isThere = await nativeIsThere();

describe("the README's backends", () => {
  it("are those of the code, in the order in which they are tried", () => {
    const rows = [...sectionOf(title).matchAll(/^\| `([a-z-]+)` \|/gm)].map((match) => match[1]);
    expect(rows).toEqual([...backendNames]);
    expect(sectionOf(title)).toContain(`compares ${operators.length} operations`);
  });

  it.runIf(isThere)("are got and checked by the commands as written", { timeout: 180_000 }, async () => {
    const [build = "", check = ""] = linesOf(blockIn(title, "sh"));
    const built = await bash(build, root);
    expect(built.code, built.err).toBe(0);
    expect(built.out).toMatch(
      new RegExp(`operators: ${operators.length} of ${operators.length} as in plain JavaScript`),
    );
    const checked = await bash(check, root);
    expect(checked.code, checked.err).toBe(0);
    expect(checked.out).toMatch(/^tensorflow +used +CPU, TensorFlow 2\.20\.0/m);
  });
});
