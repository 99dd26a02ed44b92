/** The labels of an exemplar from what an event says in `trace`. OpenMetrics allows 128 characters of names and values together. */
import type { Labels } from "./metrics.ts";

const traceparent = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;
const idCharactersMax = 100;

/** A W3C `traceparent` gives trace and span; anything else is taken as the id of a trace. Null without one. */
export function exemplarOf(trace: string | null): Labels | null {
  if (trace === null || trace === "") return null;
  const [, id, span] = traceparent.exec(trace) ?? [];
  if (id !== undefined && span !== undefined) return { trace_id: id, span_id: span };
  // No half of a surrogate pair at the cut.
  return { trace_id: trace.slice(0, idCharactersMax).replace(/[\ud800-\udbff]$/, "") };
}
