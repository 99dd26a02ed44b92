/** The learning curve: how well each version of a learnt predictor did before it had learnt the steps (prequential). */
import type { ModelsView } from "../serve/views.ts";
import { bytes, count, percent, version } from "./format.ts";
import { type Lists, useList } from "./source.ts";

const pickModels = (body: Lists) => body.models ?? [];

export function LearningCurves() {
  const models = useList("api/models", pickModels);
  return (
    <section aria-labelledby="learning-title">
      <h2 id="learning-title">Learning</h2>
      <div class="card" data-testid="learning-curve">
        {models === null || models.length === 0 ? (
          <p class="quiet">No version has been learnt yet: the first comes after some tens of transitions.</p>
        ) : (
          models.map((one) => <Curve key={`${one.environment} ${one.predictor}`} view={one} />)
        )}
      </div>
    </section>
  );
}

const width = 600;
const height = 80;

function Curve({ view }: { readonly view: ModelsView }) {
  const { environment, predictor, versions, reference } = view;
  const newest = versions.at(-1);
  if (newest === undefined) return null;
  const points = versions.filter(({ tries }) => tries > 0);
  const most = Math.max(...versions.map(({ transitions }) => transitions));
  const place = (transitions: number, accuracy: number) =>
    `${((transitions / most) * width).toFixed(1)},${((1 - accuracy) * height).toFixed(1)}`;
  return (
    <figure class="curve">
      <figcaption>
        <b>
          {environment} · {predictor}
        </b>{" "}
        <span class="quiet">
          {versions.length} {versions.length === 1 ? "version" : "versions"}; newest {version(newest.version)}: learnt
          from {count(newest.transitions)} transitions, {count(newest.entries)} entries, {bytes(newest.bytes)}; right
          before learning {percent(newest.tries === 0 ? null : newest.hits / newest.tries)} of the last{" "}
          {count(newest.tries)}
          {reference !== null && `; pinned as the reference: ${version(reference.version)}`}
        </span>
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label="learning curve">
        <title>accuracy before learning, against transitions learnt from</title>
        <polyline points={points.map((one) => place(one.transitions, one.hits / one.tries)).join(" ")} />
      </svg>
    </figure>
  );
}
