/** Operators in the crash runs: they pin, move and lift pins at random moments, and now and then ask for what cannot be done. */
import { codecs } from "../../src/codec/codecs.ts";
import type { Command } from "../../src/codec/records.ts";
import type { OutRecord } from "../../src/log/port.ts";
import { referenceKey } from "../../src/run/manifests.ts";
import { type Readable, readTopic } from "./pipeline.ts";
import type { Random } from "./random.ts";

/** No version begins so: hashes are hexadecimal. */
const nowhere = "no-such-version";

/** A command about a predictor that has versions; null while none has. */
export async function drawPin(log: Readable, random: Random, nowMs: number): Promise<OutRecord | null> {
  const models = (await readTopic(log, "models")).flatMap(({ value }) =>
    value === null ? [] : [codecs.model.decode(value)],
  );
  if (models.length === 0) return null;
  const { environment, predictor, version } = random.pick(models);
  const chosen = random.pick([null, version, version.slice(0, 16), nowhere]);
  const undo = random.chance(0.2);
  const command: Command = {
    environment,
    command: "pin",
    target: `${predictor} ${chosen}`,
    author: "tester",
    time: nowMs,
    note: null,
    predictor,
    version: undo ? null : chosen,
    undo,
    order: null,
    rule: null,
  };
  return { topic: "commands", key: environment, partition: null, value: codecs.command.encode(command) };
}

/**
 * What all commands must have come to: each that cannot be done is a dead letter; the newest word on each reference is that of the newest
 * command that could be done; it was announced, as the last one, in every partition; and nothing is pinned by itself where there was a word.
 */
export async function pinProblems(log: Readable, partitions: number, atLeastOnce: boolean): Promise<readonly string[]> {
  const problems: string[] = [];
  const wanted = new Map<string, Command>();
  let impossible = 0;
  const commands = (await readTopic(log, "commands")).flatMap(({ value }) =>
    value === null ? [] : [codecs.command.decode(value)],
  );
  for (const command of commands) {
    if (command.version === nowhere) impossible += 1;
    else wanted.set(referenceKey({ environment: command.environment, predictor: command.predictor ?? "" }), command);
  }
  const letters = (await readTopic(log, "dead-letters")).filter(({ value }) => value !== null && isOfLearn(value));
  if (atLeastOnce ? letters.length < impossible : letters.length !== impossible)
    problems.push(`${impossible} commands cannot be done, ${letters.length} are dead letters`);

  const said = new Map<string, string>();
  for (const { key, value } of await readTopic(log, "models")) {
    if (key === null || value === null) continue;
    const model = codecs.model.decode(value);
    if (model.reference !== null) said.set(key, JSON.stringify(model));
  }
  for (const [key, { version, undo }] of wanted) {
    const text = said.get(key);
    if (text === undefined) {
      problems.push(`models says nothing of ${key}`);
      continue;
    }
    const model = JSON.parse(text);
    if (model.reference.pinned === undo) problems.push(`models says ${undo ? "pinned" : "unpinned"} of ${key}`);
    if (!undo && version !== null && !model.version.startsWith(version))
      problems.push(`${key}: ${model.version} is pinned, ${version} was wanted`);
  }
  for (let partition = 0; partition < partitions; partition++) {
    const heard = new Map<string, string>();
    for (const record of await readTopic(log, "interactions")) {
      if (record.partition !== partition || record.key !== null || record.value === null) continue;
      const { reference } = codecs.interaction.decode(record.value);
      if (reference === null) continue;
      const key = referenceKey(reference);
      if (heard.has(key) && reference.reference?.author === null && heard.get(key) !== JSON.stringify(reference))
        problems.push(`${key} was pinned by itself although there was a word on it`);
      heard.set(key, JSON.stringify(reference));
    }
    for (const [key, text] of said) {
      if (heard.get(key) !== text) problems.push(`partition ${partition} has not heard the newest word on ${key}`);
    }
    for (const key of heard.keys()) if (!said.has(key)) problems.push(`announced but not in models: ${key}`);
  }
  return problems;
}

export function isOfLearn(value: Uint8Array): boolean {
  return codecs.deadLetter.decode(value).stage === "learn";
}
