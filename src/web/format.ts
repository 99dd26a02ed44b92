/** Numbers and times as the page writes them. */

export function percent(ratio: number | null): string {
  return ratio === null ? "–" : `${(ratio * 100).toFixed(1)} %`;
}

/** `48.1 – 55.0 %` */
export function percentRange(interval: { readonly lower: number; readonly upper: number } | null): string {
  if (interval === null) return "";
  return `${(interval.lower * 100).toFixed(1)} – ${(interval.upper * 100).toFixed(1)} %`;
}

/** `0.94` */
export function ratio(value: number): string {
  return value.toFixed(2);
}

/** `0.84 – 1.17` */
export function ratioRange(interval: { readonly lower: number; readonly upper: number }): string {
  return `${ratio(interval.lower)} – ${Number.isFinite(interval.upper) ? ratio(interval.upper) : "∞"}`;
}

export function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** `1 step`, `2,000 steps` */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${value === 1 ? noun : `${noun}s`}`;
}

/** Per second, with as many digits as say something. */
export function rate(value: number): string {
  return value >= 100 ? count(value) : value.toFixed(1);
}

export function bytes(value: number): string {
  if (value < 1_024) return `${value} B`;
  return value < 1_048_576 ? `${(value / 1_024).toFixed(0)} KiB` : `${(value / 1_048_576).toFixed(1)} MiB`;
}

/** `5 s`, `3 min`, `2 h`, `4 d` */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} d`;
}

/** The first letters of a content hash; other versions whole. */
export function version(name: string): string {
  return /^[0-9a-f]{32,}$/.test(name) ? name.slice(0, 8) : name;
}
