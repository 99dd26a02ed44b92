/** Whether there is as much of each thing as the action says before its name. */
import { mix } from "../../../lifted/hash.ts";
import { families } from "../../../lifted/tokens.ts";
import { put } from "../../features.ts";
import type { ReadAction } from "../../reading.ts";
import type { TokenWriter } from "../../token-writer.ts";
import { type Amounts, amountsAsked } from "./ledger.ts";

const words = ["none", "less", "enough"] as const;

export function writeAmountFeatures(writer: TokenWriter, amounts: Amounts, action: ReadAction): void {
  const { args } = action;
  let isEnough = true;
  for (const [place, { amount, of }] of amountsAsked(action).entries()) {
    const held = amounts.get(args[of] ?? "") ?? 0;
    const state = held === 0 ? 0 : held < Number(args[amount]) ? 1 : 2;
    put(writer, families.relation, mix(190, place), state, () => `of <${of}> there is ${words[state]}`);
    if (place > 0) isEnough &&= state === 2;
  }
  put(
    writer,
    families.relation,
    191,
    Number(isEnough),
    () => `of what is named behind the first there is ${isEnough ? "" : "not "}enough`,
  );
}
