/** The example memory that the options ask for, with the transitions of their file. */
import { readFileSync } from "node:fs";
import { sha256Hex } from "../../json/hash.ts";
import type { RemoteDeps } from "../remote.ts";
import { readExamples } from "./example-file.ts";
import { createExampleMemory, type ExampleMemory } from "./examples.ts";
import type { ChatOptions } from "./options.ts";

/** Null where no examples are shown. */
export async function warmMemory(
  options: ChatOptions,
  deps: Pick<RemoteDeps, "name" | "log">,
): Promise<ExampleMemory | null> {
  if (options.shots === "none") return null;
  const memory = createExampleMemory({
    entriesMax: options.examplesMax,
    bytesMax: options.examplesBytesMax,
    charactersMax: options.exampleCharactersMax,
  });
  if (options.examples !== null) {
    const { transitions, unusable } = await readExamples(options.examples, (example) => memory.add(example));
    const fields = { file: options.examples, transitions, remembered: memory.entries, unusable };
    deps.log(unusable > 0 ? "warn" : "info", `${deps.name}: examples read`, fields);
  }
  return memory;
}

/** What the file of examples holds, for the predictor's version; null where none is shown. */
export function examplesHash({ shots, examples }: ChatOptions): string | null {
  return shots === "none" || examples === null ? null : sha256Hex(readFileSync(examples));
}
