/**
 * The metrics of all threads as text, in Prometheus' own format or in OpenMetrics (which alone carries exemplars). Counters, histograms and
 * gauges of several threads add up; within a thread the last sample of the same labels stands.
 * https://prometheus.io/docs/instrumenting/exposition_formats/ · OpenMetrics 1.0
 */
import type { Labels } from "./metrics.ts";

export interface ExposedValue {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  /** Of a histogram: the name with its suffix. */
  readonly metricName?: string | undefined;
  /** `timestamp` in seconds. */
  readonly exemplar?: ExposedExemplar | null | undefined;
}
export interface ExposedExemplar {
  readonly labelSet: Labels;
  readonly value: number;
  readonly timestamp?: number | undefined;
}
export interface ExposedMetric {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly values: readonly ExposedValue[];
}
export type Format = "text" | "openmetrics";

export const contentTypes: Readonly<Record<Format, string>> = {
  text: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
};

/** The format for an Accept header: OpenMetrics where it is asked for by name. */
export function formatFor(accept: string): Format {
  return accept
    .split(",")
    .some((one) => /^\s*application\/openmetrics-text\s*(;|$)/i.test(one) && !/q=0(\.0*)?\s*$/.test(one))
    ? "openmetrics"
    : "text";
}

interface Line {
  value: number;
  exemplar: ExposedExemplar | null;
}
interface Family {
  readonly metric: ExposedMetric;
  /** By name and labels as they are written. */
  readonly lines: Map<string, Line>;
}

export function expose(threads: readonly (readonly ExposedMetric[])[], format: Format): string {
  const families = new Map<string, Family>();
  for (const metrics of threads) {
    for (const metric of metrics) {
      const family = families.get(metric.name) ?? { metric, lines: new Map<string, Line>() };
      families.set(metric.name, family);
      for (const [name, line] of linesOf(metric)) {
        const known = family.lines.get(name);
        if (known === undefined) family.lines.set(name, line);
        else {
          known.value += line.value;
          known.exemplar = line.exemplar ?? known.exemplar;
        }
      }
    }
  }
  const open = format === "openmetrics";
  let text = "";
  for (const { metric, lines } of families.values()) {
    const name = open && metric.type === "counter" ? metric.name.replace(/_total$/, "") : metric.name;
    const help = metric.help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
    text += `# HELP ${name} ${open ? help.replaceAll('"', '\\"') : help}\n# TYPE ${name} ${metric.type}\n`;
    for (const [series, { value, exemplar }] of lines) {
      text += `${series} ${numberText(value)}`;
      if (open && exemplar !== null) text += exemplarText(exemplar);
      text += "\n";
    }
    if (!open) text += "\n";
  }
  return open ? `${text}# EOF\n` : text;
}

function linesOf({ name, values }: ExposedMetric): ReadonlyMap<string, Line> {
  const lines = new Map<string, Line>();
  for (const { labels, value, metricName = name, exemplar = null } of values)
    lines.set(metricName + labelText(labels), { value, exemplar });
  return lines;
}

function exemplarText({ labelSet, value, timestamp }: ExposedExemplar): string {
  return ` # ${labelText(labelSet) || "{}"} ${numberText(value)}${timestamp === undefined ? "" : ` ${timestamp}`}`;
}

/** Empty without labels. */
function labelText(labels: Readonly<Record<string, string | number>>): string {
  let text = "";
  for (const name in labels) text += `${text === "" ? "{" : ","}${name}="${escaped(String(labels[name]))}"`;
  return text === "" ? "" : `${text}}`;
}

function escaped(value: string): string {
  return /[\\\n"]/.test(value) ? value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"') : value;
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return "NaN";
  return value > 0 ? "+Inf" : "-Inf";
}
