/** `driftline dead-letters list|show`: what could not be used, why, and what to do about it. */
import { codecs } from "../codec/codecs.ts";
import { type DeadLetterReason, deadLetterReasons } from "../codec/dead-letter-reasons.ts";
import type { DeadLetter } from "../codec/records.ts";
import type { Log, LogRecord } from "../log/port.ts";
import { scan } from "../log/scan.ts";
import { type FlagSpec, flagHelp, type Taken, takeFlags, UsageError } from "./arguments.ts";
import { withLogToRead } from "./data.ts";
import type { Command, Host } from "./host.ts";
import { table } from "./table.ts";
import { bytesAsText } from "./topics.ts";

const flags: FlagSpec = {
  json: { kind: "boolean", help: "one JSON object a line" },
  reason: { kind: "string", help: "only this reason", placeholder: "REASON" },
  max: { kind: "number", help: "the newest so many (default 50)", placeholder: "N" },
  "data-dir": { kind: "string", help: "the data folder (default .driftline)", placeholder: "DIR" },
};

export const deadLettersCommand: Command = {
  usage: [
    "driftline dead-letters list [--reason REASON] [--max N] [--json] [--data-dir DIR]",
    "driftline dead-letters show PARTITION/OFFSET [--json] [--data-dir DIR]",
    "",
    ...flagHelp(flags),
  ],
  async run(args, host) {
    const taken = takeFlags(args, flags);
    const [verb, place] = taken.positionals;
    if (verb === "list" && place === undefined) return withLogToRead(taken, host, (log) => list(log, taken, host));
    if (verb === "show" && place !== undefined)
      return withLogToRead(taken, host, (log) => show(log, place, taken, host));
    throw new UsageError(
      "say what to do: driftline dead-letters list, or driftline dead-letters show PARTITION/OFFSET",
    );
  },
};

interface Found {
  readonly record: LogRecord;
  readonly letter: DeadLetter;
}

async function list(log: Log, taken: Taken, host: Host): Promise<number> {
  const reason = taken.string("reason");
  const max = taken.count("max") ?? 50;
  const counts = new Map<string, number>();
  const newest: Found[] = [];
  for await (const found of letters(log)) {
    if (reason !== null && found.letter.reason !== reason) continue;
    counts.set(found.letter.reason, (counts.get(found.letter.reason) ?? 0) + 1);
    newest.push(found);
    if (newest.length > max) newest.shift();
  }
  if (taken.boolean("json")) {
    for (const found of newest) host.out(JSON.stringify(plain(found), bytesAsText));
    return 0;
  }
  if (counts.size === 0) {
    host.out(reason === null ? "no dead letters" : `no dead letters with reason ${reason}`);
    return 0;
  }
  const summary = [...counts].sort((a, b) => b[1] - a[1]).map(([name, n]) => [String(n), name, mend(name)]);
  for (const line of table(["count", "reason", "what to do"], summary)) host.out(line);
  host.out("");
  const rows = newest.map(({ record, letter }) => [
    `${record.partition}/${record.offset}`,
    new Date(record.timestamp).toISOString(),
    letter.stage,
    letter.reason,
    letter.episode ?? "-",
    shorten(letter.message),
  ]);
  for (const line of table(["place", "time", "stage", "reason", "episode", "message"], rows)) host.out(line);
  return 0;
}

async function show(log: Log, place: string, taken: Taken, host: Host): Promise<number> {
  const match = /^(\d+)\/(\d+)$/.exec(place);
  if (match === null)
    throw new UsageError(`${JSON.stringify(place)} is no place: write PARTITION/OFFSET, as \`list\` prints it`);
  const [partition, offset] = [Number(match[1]), Number(match[2])];
  if (partition >= (await log.partitionCount("dead-letters")))
    throw new UsageError(`dead-letters has no partition ${partition}`);
  const [record] = await log.read("dead-letters", partition, offset, { recordsMax: 1, bytesMax: 1 }, 0);
  if (record === undefined || record.offset !== offset || record.value === null) {
    host.err(`driftline: there is no dead letter at ${place}`);
    return 1;
  }
  const letter = codecs.deadLetter.decode(record.value);
  if (taken.boolean("json")) {
    host.out(JSON.stringify(plain({ record, letter }), bytesAsText));
    return 0;
  }
  host.out(`reason       ${letter.reason}: ${mend(letter.reason)}`);
  host.out(`message      ${letter.message}`);
  host.out(`stage        ${letter.stage}`);
  host.out(
    `came         ${new Date(letter.time).toISOString()} in ${letter.topic}${sourceText(letter)}, key ${letter.key ?? "-"}`,
  );
  host.out(`environment  ${letter.environment ?? "-"}`);
  host.out(`episode      ${letter.episode ?? "-"}`);
  if (letter.stack !== null) host.out(`stack        ${letter.stack}`);
  const text = bytesAsText("", letter.value);
  host.out(`value        ${typeof text === "string" ? text : JSON.stringify(text)}`);
  return 0;
}

async function* letters(log: Log): AsyncGenerator<Found> {
  for await (const records of scan(log, "dead-letters")) {
    for (const record of records) {
      if (record.value !== null) yield { record, letter: codecs.deadLetter.decode(record.value) };
    }
  }
}

function plain({ record, letter }: Found) {
  return { partition: record.partition, offset: record.offset, ...letter };
}

function mend(reason: string): string {
  return isReason(reason) ? deadLetterReasons[reason] : "";
}

function isReason(reason: string): reason is DeadLetterReason {
  return Object.hasOwn(deadLetterReasons, reason);
}

function sourceText(letter: DeadLetter): string {
  return letter.source === null ? "" : ` ${letter.source.partition}/${letter.source.offset}`;
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 97)}...` : text;
}
