/** Why predictors said nothing, in how many steps, and what each reason means. */
import type { WindowView } from "../serve/views.ts";
import { count, percent } from "./format.ts";

interface Props {
  readonly environment: string;
  readonly window: WindowView;
}

export function Abstentions({ environment, window }: Props) {
  const silent = window.predictors.filter(({ abstentions }) => abstentions.length > 0);
  if (silent.length === 0) return null;
  const said = silent.map(
    ({ predictor, abstentions, summary }) => `${predictor} in ${percent(stepsOf(abstentions) / summary.samples)}`,
  );
  return (
    <details data-testid={`abstentions-${environment}`}>
      <summary>Why predictors abstain: {said.join(", ")} of the steps</summary>
      <div class="wide">
        <table class="meanings">
          <thead>
            <tr>
              <th>predictor</th>
              <th title="steps about which it said nothing; each counts against it">steps</th>
              <th>reason</th>
              <th>what it means</th>
            </tr>
          </thead>
          <tbody>
            {silent.flatMap(({ predictor, abstentions }) =>
              abstentions.map(({ reason, steps, means }) => (
                <tr key={`${predictor} ${reason}`}>
                  <th scope="row">{predictor}</th>
                  <td>{count(steps)}</td>
                  <td>{reason}</td>
                  <td class="quiet">{means.replaceAll("`", "")}</td>
                </tr>
              )),
            )}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function stepsOf(abstentions: WindowView["predictors"][number]["abstentions"]): number {
  return abstentions.reduce((sum, { steps }) => sum + steps, 0);
}
