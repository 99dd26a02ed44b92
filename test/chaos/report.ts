/** The report: what was done to whom, what was found, and how long partitions stood still. */
import { writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import type { FindingKind } from "./checker/findings.ts";
import type { FaultName } from "./faults.ts";
import type { ChaosOptions } from "./options.ts";
import type { Guarantee, Result } from "./run.ts";

export interface Reported {
  readonly guarantee: Guarantee;
  readonly result: Result;
}

const kinds: readonly FindingKind[] = ["lost", "doubled", "misordered", "wrong"];
const shownMax = 20;

export function writeReport(text: string): void {
  writeFileSync(new URL("../bench/CHAOS.md", import.meta.url), text);
}

export function reportOf(options: ChaosOptions, argv: readonly string[], runs: readonly Reported[]): string {
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? "unknown CPU"} · ${Math.round(totalmem() / 2 ** 30)} GiB`;
  return [
    "# Chaos",
    "",
    `${new Date().toISOString().slice(0, 10)} · ${machine} · Node ${process.versions.node} · Kafka 4.2.0, ${options.brokers} broker${options.brokers === 1 ? "" : "s"} beside the workers on a machine shared with others · \`npm run chaos -- ${argv.join(" ")}\` · seed ${options.seed}`,
    "",
    ...runs.flatMap(section),
  ].join("\n");
}

function section({ guarantee, result }: Reported): readonly string[] {
  const { verdict, faults, samples, endedAlone, commands, resent, seconds, quietSeconds } = result;
  const count = (kind: FindingKind) => verdict.findings.filter((one) => one.kind === kind).length;
  const line = (record: Readonly<Record<string, number>>) =>
    Object.entries(record)
      .map(([name, value]) => `${name} ${value}`)
      .join(" · ");
  return [
    `## ${guarantee}`,
    "",
    `${Math.round(seconds)} s of faults; all quiet ${Math.round(quietSeconds)} s after the last event. Read back: ${line(verdict.counts)}.`,
    "",
    `| ${kinds.join(" | ")} | repeated with the same identity and body |`,
    `|${"---|".repeat(kinds.length + 1)}`,
    `| ${kinds.map(count).join(" | ")} | ${line(verdict.repeated)} |`,
    "",
    ...verdict.findings.slice(0, shownMax).map(({ kind, topic, message }) => `- ${kind}, ${topic}: ${message}`),
    ...(verdict.findings.length > 0 ? [""] : []),
    "| fault | times | partitions concerned | still standing at the end | p50 to the next commit, s | p99, s | longest, s |",
    "|---|---|---|---|---|---|---|",
    ...[...faults].map(([name, times]) => row(name, times, samples)),
    "",
    `Batches that the writer had to send again: ${resent}. Commands: ${commands.done} done, ${commands.failed.length} refused. Processes that ended by themselves: ${endedAlone.length}.`,
    "",
    ...[...endedAlone, ...commands.failed].slice(0, shownMax).map((one) => `- ${one.replaceAll("\n", " ")}`),
    "",
  ];
}

function row(name: FaultName, times: number, samples: Result["samples"]): string {
  const its = samples.filter(({ fault }) => fault === name);
  const seconds = its.flatMap(({ ms }) => (ms === null ? [] : [ms / 1_000])).sort((a, b) => a - b);
  const at = (share: number) =>
    seconds[Math.min(seconds.length - 1, Math.floor(share * seconds.length))]?.toFixed(1) ?? "";
  const open = its.filter(({ ms }) => ms === null).length;
  return `| ${name} | ${times} | ${its.length} | ${open} | ${at(0.5)} | ${at(0.99)} | ${at(1)} |`;
}
