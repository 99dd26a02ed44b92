/** What a version is made of: its parts in a fixed order. */
import type { Confidence } from "../lifted/confidence.ts";
import { bucketsOf, wordsOf } from "../lifted/publisher.ts";
import { writeConfidence } from "../lifted/written.ts";
import type { RuleOrder } from "../rule-orders.ts";
import type { Bucket, Head } from "./blobs.ts";
import type { Store } from "./store.ts";
import { writeStructure } from "./structure.ts";
import type { Tallies } from "./tallies.ts";
import type { Tasks } from "./tasks.ts";
import { type WrittenRemembered, writeChoice, writeRemembered } from "./written.ts";

const bucketsCount = 6;

export function partsOf(
  store: Store,
  confidence: Confidence,
  tasks: Tasks,
  tallies: Tallies,
  orders: readonly RuleOrder[],
  transitions: number,
): readonly (Head | WrittenRemembered | Bucket)[] {
  const head: Head = {
    v: 1,
    transitions,
    structure: writeStructure(store.structure),
    confidence: writeConfidence(confidence),
    tallies: tallies.writtenOf(rulesOf(store)),
    tasks: tasks.written(),
    ...(orders.length === 0 ? {} : { orders }),
  };
  const buckets = bucketsOf(store.choices, ([form]) => form, bucketsCount).map((bucket): Bucket => {
    const words = wordsOf(
      bucket.map(([, { forest }]) => forest),
      store.words,
    );
    return { v: 1, choices: bucket.map(([form, choice]) => writeChoice(form, choice)), words };
  });
  return [head, writeRemembered(store.remembered), ...buckets];
}

function* rulesOf({ choices }: Store): Generator<readonly [form: string, label: string]> {
  for (const [form, { templates }] of choices) for (const label of templates) if (label !== null) yield [form, label];
}
