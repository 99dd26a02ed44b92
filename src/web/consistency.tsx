/** The consistency ratio: agents by world models, each with its interval as a bar and the counts that it stands on. */
import type { ConsistencyCellView } from "../serve/consistency-view.ts";
import type { EnvironmentView } from "../serve/views.ts";
import type { Interval } from "../stats/wilson.ts";
import { ArmsPanel } from "./arms.tsx";
import { count, ratio, ratioRange } from "./format.ts";
import { IntervalBar } from "./interval-bar.tsx";

export function ConsistencySection({ environments }: { readonly environments: readonly EnvironmentView[] }) {
  const shown = environments.filter(({ consistency }) => consistency.cells.length > 0);
  return (
    <section aria-labelledby="consistency-title" data-testid="consistency">
      <h2 id="consistency-title">Consistency ratio</h2>
      {shown.length === 0 ? (
        <div class="card">
          <p class="quiet">
            No simulated episode has come. Send episodes of the arms <code>world_model</code> and <code>transfer</code>{" "}
            beside the real ones, and here stands how often plans made in a world model succeed for real.
          </p>
        </div>
      ) : (
        <>
          <p class="quiet">
            Success of simulated plans carried out for real (W2R) over success of real work: 1 is as good as real. Bars
            are 95 % intervals.
          </p>
          {shown.map((view) => (
            <ConsistencyTable key={view.environment} view={view} />
          ))}
        </>
      )}
    </section>
  );
}

function ConsistencyTable({ view }: { readonly view: EnvironmentView }) {
  const { environment, consistency } = view;
  const worldModels = [...new Set(consistency.cells.map(({ worldModel }) => worldModel))];
  const agents = [...new Set(consistency.cells.map(({ agent }) => agent))];
  return (
    <article class="card" data-testid={`consistency-${environment}`}>
      <h3>{environment}</h3>
      <div class="wide">
        <table>
          <thead>
            <tr>
              <th>agent</th>
              {worldModels.map((worldModel) => (
                <th key={worldModel}>in {worldModel}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {agents.map((agent) => (
              <tr key={agent}>
                <th scope="row">{agent}</th>
                {worldModels.map((worldModel) => {
                  const cell = consistency.cells.find((one) => one.agent === agent && one.worldModel === worldModel);
                  return <td key={worldModel}>{cell === undefined ? "–" : <Cell cell={cell} />}</td>;
                })}
              </tr>
            ))}
            {agents.length > 1 && (
              <tr>
                <th scope="row" class="quiet">
                  all agents
                </th>
                {worldModels.map((worldModel) => {
                  const its = consistency.averages.find((one) => one.worldModel === worldModel);
                  return (
                    <td key={worldModel} class="quiet">
                      {its === undefined
                        ? "–"
                        : `ratio of means ${ratio(its.ratioOfMeans)} · mean of ratios ${ratio(its.meanOfRatios)}`}
                    </td>
                  );
                })}
              </tr>
            )}
          </tbody>
        </table>
      </div>
      <ArmsPanel view={view} />
    </article>
  );
}

function Cell({ cell }: { readonly cell: ConsistencyCellView }) {
  const { shown, real, transfer, simulated, plans, pairedTasks } = cell;
  const planned = plans.both + plans.simulatedOnly;
  return (
    <div class="ratio" data-testid={`ratio-${cell.agent}-${cell.worldModel}`}>
      {shown.ratio === null ? (
        <p class="quiet">Not shown: {withheldText[shown.withheld ?? "no-real-runs"]}</p>
      ) : (
        <>
          <p>
            <b>{ratio(shown.ratio.value)}</b> {ratioRange(shown.ratio.interval)}
          </p>
          <Bar value={shown.ratio.value} interval={shown.ratio.interval} />
          {shown.paired !== null && (
            <>
              <p>
                {ratio(shown.paired.value)} {ratioRange(shown.paired.interval)}{" "}
                <small class="quiet">on the {count(pairedTasks)} tasks of both arms</small>
              </p>
              <Bar value={shown.paired.value} interval={shown.paired.interval} />
            </>
          )}
        </>
      )}
      <small class="quiet">
        W2R {count(transfer.successes)} of {count(transfer.runs)} · real {count(real.successes)} of {count(real.runs)} ·
        simulated {count(simulated.successes)} of {count(simulated.runs)}
        {errorsText(cell)}
        {planned > 0 && ` · ${count(plans.both)} of ${count(planned)} plans that succeeded simulated did for real`}
      </small>
    </div>
  );
}

const withheldText = {
  "no-real-runs": "no real run of this agent has ended",
  "no-transfer-runs": "no simulated plan was carried out for real",
  "few-real-successes": "fewer than 5 real successes",
} as const;

function errorsText({ real, transfer, shown }: ConsistencyCellView): string {
  if (real.errors + transfer.errors === 0) return "";
  const without = shown.withoutErrors === null ? "" : `; without them ${ratio(shown.withoutErrors.value)}`;
  return ` · ${count(transfer.errors)} and ${count(real.errors)} runs had no verdict${without}`;
}

/** A ratio far above 1 says no more than one a little above it. */
const scaleMax = 1.5;

function Bar({ value, interval }: { readonly value: number; readonly interval: Interval }) {
  const label = `${ratio(value)}, ${ratioRange(interval)}`;
  return <IntervalBar value={value} interval={interval} scaleMax={scaleMax} mark={1} label={label} />;
}
