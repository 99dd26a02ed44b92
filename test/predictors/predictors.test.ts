/** Every predictor of the registry under the contract. */
import { expect, it } from "vitest";
import { predictorFactories } from "../../src/predictors/registry.ts";
import { predictorContract } from "../contract/predictor.ts";

it("finds the predictors by itself", () => {
  expect(predictorFactories.map(({ name }) => name)).toEqual(expect.arrayContaining(["persistence", "recall"]));
});

for (const factory of predictorFactories) predictorContract(factory);
