/** A value with its interval as a bar on a scale from 0; what lies beyond the scale is cut at its end. */
import type { Interval } from "../stats/wilson.ts";

interface Props {
  readonly value: number;
  readonly interval: Interval;
  readonly scaleMax: number;
  /** What it is held against, dotted. */
  readonly mark: number | null;
  readonly label: string;
}

export function IntervalBar({ value, interval, scaleMax, mark, label }: Props) {
  const place = (one: number) => (100 * Math.min(one, scaleMax)) / scaleMax;
  const from = place(interval.lower);
  const width = Math.max(0.5, place(interval.upper) - from);
  return (
    <svg class="interval" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label={label}>
      {mark !== null && <line class="one" x1={place(mark)} x2={place(mark)} y1="0" y2="10" />}
      <rect x={from} width={width} y="3" height="4" />
      <line class="value" x1={place(value)} x2={place(value)} y1="1" y2="9" />
    </svg>
  );
}
