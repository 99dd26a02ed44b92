/** One environment: accuracy per predictor with interval and count, over time, by step index. */
import { bestOfName, isReferenceName, liveName } from "../codec/reference-name.ts";
import type { EnvironmentView, PredictorView, WindowName, WindowView } from "../serve/views.ts";
import { Abstentions } from "./abstentions.tsx";
import { Chart } from "./chart.tsx";
import { PredictorComparison } from "./comparison.tsx";
import { count, counted, percent, percentRange, version } from "./format.ts";
import { seriesOf, stepPoints } from "./series.ts";

interface Props {
  readonly view: EnvironmentView;
  readonly window: WindowName;
}

export function EnvironmentSection({ view, window }: Props) {
  const { environment, kind, baseline, ceiling, ceilingSamples } = view;
  const chosen = view.windows.find((one) => one.window === window);
  const all = view.windows.find((one) => one.window === "all");
  return (
    <article class="card" data-testid={`environment-${environment}`}>
      <h3>
        {environment} <small class="tag">{kind === "state" ? "whole states" : "observations"}</small>
      </h3>
      {chosen === undefined || chosen.transitions === 0 ? (
        <p class="quiet" data-testid={`quiet-${environment}`}>
          No step in this window.
        </p>
      ) : (
        <>
          <PredictorTable environment={environment} window={chosen} baseline={baseline} />
          <References view={view} />
          <Choices view={view} />
          <p class="quiet">
            {counted(chosen.transitions, "transition")} · {percent(chosen.coverage)} fit to be scored
            {flaws(chosen)}
            {ceiling !== null && (
              <span data-testid={`ceiling-${environment}`} title={ceilingMeans}>
                {" · "}ceiling {percent(ceiling)} for a model that never changes (of {counted(ceilingSamples, "step")}{" "}
                since the beginning whose situation came more than once)
              </span>
            )}
          </p>
          <Abstentions environment={environment} window={chosen} />
          <PredictorComparison environment={environment} window={chosen} ceiling={ofAll(chosen, ceiling)} />
          <Chart series={seriesOf(chosen)} baseline={baseline} ceiling={ofAll(chosen, ceiling)} marks={view.alarms} />
        </>
      )}
      {all !== undefined && <StepIndex window={all} />}
    </article>
  );
}

const ceilingMeans =
  "The share of those steps whose next state was the most frequent one of state, action and context. Above it can be who learns a change, who looks at earlier steps, and who is right where nothing came twice.";

/** Of all steps since the beginning: a window of them may lie above it, after a drift for example. */
function ofAll({ window }: WindowView, ceiling: number | null): number | null {
  return window === "all" ? ceiling : null;
}

interface TableProps {
  readonly environment: string;
  readonly window: WindowView;
  readonly baseline: string;
}

function PredictorTable({ environment, window, baseline }: TableProps) {
  return (
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th>predictor</th>
            <th title="exact next states of all tries">accuracy</th>
            <th>95 % interval</th>
            <th title="tries; abstained, failed and late ones count against the predictor">n</th>
            <th title="steps that change the state">changing steps</th>
            <th title="(a − baseline) / (1 − baseline), on the same steps">skill</th>
            <th title="leaf values that are right">fields</th>
          </tr>
        </thead>
        <tbody>
          {window.predictors.map(({ predictor, version: model, summary }) => (
            <tr key={predictor} class={predictor === baseline ? "baseline" : ""}>
              <th scope="row">
                <i class={`dot line-${lineNumber(window.predictors, predictor)}`} /> {liveName(predictor)}
                {isReferenceName(predictor) && (
                  <small class="tag" title="the pinned version: it does not learn, so it shows a drift">
                    reference
                  </small>
                )}
                {predictor === baseline && <small class="tag">baseline</small>}
                {model !== "builtin" && predictor !== bestOfName && <small class="quiet"> {version(model)}</small>}
              </th>
              <td data-testid={`accuracy-${environment}-${predictor}`} class="figure">
                {percent(summary.accuracy)}
              </td>
              <td>{percentRange(summary.interval)}</td>
              <td>{count(summary.samples)}</td>
              <td>
                {percent(summary.dynamicAccuracy)} <small class="quiet">of {count(summary.dynamicSamples)}</small>
              </td>
              <td>{predictor === baseline || summary.skill === null ? "–" : summary.skill.toFixed(3)}</td>
              <td>{percent(summary.fields)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Which version is pinned, since when and by whom. */
function References({ view: { environment, references } }: { readonly view: EnvironmentView }) {
  return (
    <>
      {references.map(({ predictor, version: pinned, at, author }) => (
        <p key={predictor} class="quiet" data-testid={`reference-${environment}-${predictor}`}>
          Reference of {predictor}: version {version(pinned)}, pinned {author === null ? "by itself" : `by ${author}`}{" "}
          on {new Date(at).toLocaleString()}. It does not learn; the live version does.
        </p>
      ))}
    </>
  );
}

/** Whom best-of chose lately. */
function Choices({ view: { environment, choices } }: { readonly view: EnvironmentView }) {
  if (choices.length === 0) return null;
  return (
    <p class="quiet" data-testid={`choices-${environment}`}>
      {bestOfName} answers with {choices.map(({ predictor, share }) => `${predictor} (${percent(share)})`).join(", ")}:
      of each action, the one that was right most often.
    </p>
  );
}

function flaws(window: WindowView): string {
  const bad = window.quality.filter(({ quality, transitions }) => quality !== "ok" && transitions > 0);
  return bad.length === 0 ? "" : ` (${bad.map((one) => `${one.quality} ${count(one.transitions)}`).join(", ")})`;
}

function lineNumber(predictors: readonly PredictorView[], name: string): number {
  return predictors.findIndex(({ predictor }) => predictor === name) % 6;
}

/** Bars of accuracy by step index: where in an episode the model goes wrong. */
function StepIndex({ window }: { readonly window: WindowView }) {
  const shown = window.predictors.find(({ predictor }) => predictor !== "persistence") ?? window.predictors[0];
  if (shown === undefined) return null;
  const points = stepPoints(shown);
  if (points.length === 0) return null;
  return (
    <details>
      <summary>Accuracy of {shown.predictor} by step index, since the beginning</summary>
      <div class="bars" role="img" aria-label="accuracy by step index">
        {points.map(({ label, accuracy, samples }) => (
          <div key={label} title={`step ${label}: ${percent(accuracy)} of ${count(samples)}`}>
            <svg viewBox="0 0 10 100" preserveAspectRatio="none" aria-hidden="true">
              <rect x="1" width="8" y={100 - accuracy * 100} height={accuracy * 100} />
            </svg>
            <span>{label}</span>
          </div>
        ))}
      </div>
    </details>
  );
}
