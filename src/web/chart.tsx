/** Accuracy over time: a line with its interval as a band for each predictor, the baseline dashed, the ceiling dotted, alarms where they began. */
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import type { Line, Series } from "./series.ts";

interface Props {
  readonly series: Series;
  readonly baseline: string;
  readonly ceiling: number | null;
  readonly marks: readonly Mark[];
}

/** Something that began at that time, epoch ms. */
interface Mark {
  readonly since: number;
  readonly cause: string;
  readonly status: string;
}

const heightPx = 220;
const colours = 6;

export function Chart({ series, baseline, ceiling, marks }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const drawn = useRef(marks);
  drawn.current = marks;
  const names = series.lines.map(({ predictor }) => predictor).join("\n");

  // A new plot when the lines change or the theme does; else only new data.
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const make = () => {
      plot.current?.destroy();
      plot.current = new uPlot(
        optionsOf(series.lines, baseline, element, () => drawn.current),
        dataOf(series, ceiling),
        element,
      );
    };
    make();
    const theme = matchMedia("(prefers-color-scheme: dark)");
    theme.addEventListener("change", make);
    const sizes = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height: heightPx }));
    sizes.observe(element);
    return () => {
      theme.removeEventListener("change", make);
      sizes.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [names, baseline]);

  useEffect(() => plot.current?.setData(dataOf(series, ceiling)), [series, ceiling, marks]);

  return <div class="chart" ref={place} role="img" aria-label="accuracy over time" />;
}

/** Columns: times, ceiling, then value, upper and lower for each line. */
function dataOf({ times, lines }: Series, ceiling: number | null): uPlot.AlignedData {
  const columns: (number | null)[][] = [times.map(() => ceiling)];
  for (const { values, upper, lower } of lines) columns.push([...values], [...upper], [...lower]);
  return [[...times], ...columns];
}

function optionsOf(
  lines: readonly Line[],
  baseline: string,
  element: HTMLElement,
  marks: () => readonly Mark[],
): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = { stroke: colour("--quiet"), grid: { stroke: colour("--rule"), width: 1 }, ticks: { show: false } };
  return {
    width: element.clientWidth,
    height: heightPx,
    legend: { show: false },
    cursor: { show: false },
    hooks: { draw: [(plot) => drawMarks(plot, marks(), colour("--bad"), colour("--quiet"))] },
    scales: { y: { range: [0, 1] } },
    axes: [axis, { ...axis, values: (_plot, ticks) => ticks.map((tick) => `${Math.round(tick * 100)} %`), size: 56 }],
    series: [
      {},
      { label: "ceiling", stroke: colour("--quiet"), width: 1, dash: [2, 4], points: { show: false } },
      ...lines.flatMap(({ predictor }, at): uPlot.Series[] => {
        const stroke = colour(`--line-${at % colours}`);
        const dash = predictor === baseline ? [6, 4] : [];
        const edge = { stroke: "transparent", width: 0, points: { show: false } };
        return [
          { label: predictor, stroke, width: 2, dash, spanGaps: true, points: { show: true, size: 4 } },
          { ...edge, label: `${predictor} upper` },
          { ...edge, label: `${predictor} lower` },
        ];
      }),
    ],
    bands: lines.map((_line, at) => ({
      series: [3 + at * 3, 4 + at * 3],
      fill: `${colour(`--line-${at % colours}`)}22`,
    })),
  };
}

/** A line where each alarm began, with its cause; those that have recovered are pale. */
function drawMarks(plot: uPlot, marks: readonly Mark[], bad: string, quiet: string): void {
  const { ctx, bbox } = plot;
  const { min, max } = plot.scales["x"] ?? {};
  for (const { since, cause, status } of marks) {
    const at = since / 1000;
    if (min === undefined || max === undefined || min === null || max === null || at < min || at > max) continue;
    const x = plot.valToPos(at, "x", true);
    ctx.save();
    ctx.strokeStyle = status === "recovered" ? quiet : bad;
    ctx.fillStyle = ctx.strokeStyle;
    ctx.lineWidth = 2;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.fillText(cause, x + 4, bbox.top + 10);
    ctx.restore();
  }
}
