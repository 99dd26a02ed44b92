/** What the checker finds. */
export type FindingKind = "lost" | "doubled" | "misordered" | "wrong";

export interface Finding {
  readonly kind: FindingKind;
  readonly topic: string;
  readonly message: string;
}

export interface Findings {
  readonly all: readonly Finding[];
  lost(topic: string, message: string): void;
  doubled(topic: string, message: string): void;
  misordered(topic: string, message: string): void;
  wrong(topic: string, message: string): void;
}

export function createFindings(): Findings {
  const all: Finding[] = [];
  const add = (kind: FindingKind) => (topic: string, message: string) => void all.push({ kind, topic, message });
  return { all, lost: add("lost"), doubled: add("doubled"), misordered: add("misordered"), wrong: add("wrong") };
}

/** Text that is equal where the values are, whatever the order of keys. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (Buffer.isBuffer(value)) return JSON.stringify(value.toString("base64"));
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(",")}}`;
}

export function difference(a: unknown, b: unknown): string {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null)
    return `${canonical(a)} is not ${canonical(b)}`;
  const left = Object.entries(a);
  const right: Readonly<Record<string, unknown>> = Object.fromEntries(Object.entries(b));
  const differ = left.filter(([key, value]) => canonical(value) !== canonical(right[key]));
  return differ
    .map(([key, value]) => `${key}: ${canonical(value)} is not ${canonical(right[key])}`)
    .join("; ")
    .slice(0, 600);
}
