/** What a predictor believed of an episode before a step. */
import type { BeliefTable } from "../predictors/belief-table.ts";
import { count } from "./format.ts";

export function Belief({ table: { rows, left } }: { readonly table: BeliefTable }) {
  if (rows.length === 0) return <p class="quiet">Nothing was believed of the episode yet.</p>;
  return (
    <details data-testid="belief">
      <summary>what was believed before the step ({count(rows.length + left)} rows)</summary>
      <div class="wide">
        <table class="diff belief">
          <thead>
            <tr>
              <th>thing</th>
              <th>relation</th>
              <th>known</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ thing, relation, known }, at) => (
              <tr key={at}>
                <th scope="row">{thing}</th>
                <td>{relation}</td>
                <td>
                  <span class="known">{known}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {left > 0 && <p class="quiet">{count(left)} rows more are left out here.</p>}
    </details>
  );
}
