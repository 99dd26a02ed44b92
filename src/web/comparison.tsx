/** The predictors of an environment side by side: who is right oftener, and in what. */
import type { WindowView } from "../serve/views.ts";
import { percent, percentRange } from "./format.ts";
import { IntervalBar } from "./interval-bar.tsx";

interface Props {
  readonly environment: string;
  readonly window: WindowView;
  readonly ceiling: number | null;
}

export function PredictorComparison({ environment, window, ceiling }: Props) {
  const shown = window.predictors.filter(({ summary }) => summary.samples > 0);
  if (shown.length < 2) return null;
  const best = Math.max(...shown.map(({ summary }) => summary.accuracy ?? 0));
  return (
    <details data-testid={`comparison-${environment}`}>
      <summary>Predictors side by side</summary>
      <div class="wide">
        <table>
          <thead>
            <tr>
              <th>predictor</th>
              <th title="bars: 95 % intervals; dotted, in window all: the ceiling of a model that never changes">
                accuracy
              </th>
              <th title="steps that leave the state as it is">still steps</th>
              <th title="of the leaves that it says change, how many do so rightly; of those that change, how many it says rightly">
                changes: precision, recall
              </th>
              <th title="words in common with the truth">words</th>
              <th title="mean squared error of the confidence: lower is better; always 50 % sure gives 0.25">Brier</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ predictor, summary }) => (
              <tr key={predictor}>
                <th scope="row">{summary.accuracy === best ? <b>{predictor}</b> : predictor}</th>
                <td>
                  {summary.interval !== null && summary.accuracy !== null && (
                    <IntervalBar
                      value={summary.accuracy}
                      interval={summary.interval}
                      scaleMax={1}
                      mark={ceiling}
                      label={`${percent(summary.accuracy)}, ${percentRange(summary.interval)}`}
                    />
                  )}
                </td>
                <td>{percent(summary.staticAccuracy)}</td>
                <td>
                  {percent(summary.changedPrecision)}, {percent(summary.changedRecall)}
                </td>
                <td>{percent(summary.tokenF1)}</td>
                <td>{summary.brier === null ? "–" : summary.brier.toFixed(3)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
