/** The simulation against reality, on the tasks that ran in both: what an agent does there, for how long, and how new what it sees is. */
import type { ArmDifference } from "../codec/records.ts";
import type { EnvironmentView } from "../serve/views.ts";
import { count, percent } from "./format.ts";

type Comparison = EnvironmentView["arms"][number];

export function ArmsPanel({ view: { environment, arms } }: { readonly view: EnvironmentView }) {
  const shown = arms.filter(({ tasks }) => tasks > 0);
  if (shown.length === 0) return null;
  return (
    <details open data-testid={`arms-${environment}`}>
      <summary>The simulation against reality, on the same tasks</summary>
      <div class="wide">
        <table>
          <thead>
            <tr>
              <th>agent, world model</th>
              <th title="total variation between the shares of actions: 0 the same, 1 nothing in common">
                other actions
              </th>
              <th>steps per episode</th>
              <th title="share of an episode's next states that no other real episode shows">new states</th>
              <th>compared</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <Row key={`${one.agent} ${one.worldModel} ${one.arm}`} one={one} />
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function Row({ one }: { readonly one: Comparison }) {
  const { agent, worldModel, arm, tasks, episodes, realEpisodes, actions, steps, novelty } = one;
  return (
    <tr>
      <th scope="row">
        {agent} in {worldModel} <small class="tag">{arm === "transfer" ? "transfer" : "simulated"}</small>
      </th>
      <td>
        {actions === null ? (
          "–"
        ) : (
          <>
            {percent(actions.distance)} <small class="quiet">{pText(actions.p)}</small>
            {actions.p <= pShown && (
              <small class="moved quiet">
                {actions.moved
                  .slice(0, 3)
                  .map(({ name, real, simulated }) => `${name} ${percent(real)} → ${percent(simulated)}`)
                  .join(", ")}
              </small>
            )}
          </>
        )}
      </td>
      <td>
        <Difference difference={steps} show={(value) => value.toFixed(1)} />
      </td>
      <td>
        <Difference difference={novelty} show={percent} />
      </td>
      <td class="quiet">
        {count(tasks)} tasks, {count(episodes)} against {count(realEpisodes)} episodes
        {actions === null && ": too few to say more"}
      </td>
    </tr>
  );
}

/** Differences this unlikely by chance are spelt out. */
const pShown = 0.05;

interface DifferenceProps {
  readonly difference: ArmDifference | null;
  readonly show: (value: number) => string;
}

function Difference({ difference, show }: DifferenceProps) {
  if (difference === null) return <>–</>;
  const { real, simulated, lower, upper, p } = difference;
  return (
    <>
      {show(real)} → {show(simulated)} <small class="quiet">{pText(p)}</small>
      {lower !== null && upper !== null && (
        <small class="moved quiet">
          difference {show(lower)} to {show(upper)}
        </small>
      )}
    </>
  );
}

function pText(p: number): string {
  return p <= 0.005 ? "p ≤ 0.005" : `p = ${p.toFixed(2)}`;
}
