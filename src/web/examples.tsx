/** The last wrong predictions, each as a difference: predicted against actual. */
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { EnvironmentView, ExampleView } from "../serve/views.ts";
import { changeLines, plainText } from "./changes.ts";
import { percent } from "./format.ts";
import { type Lists, useList } from "./source.ts";
import { Why } from "./why.tsx";
import { wordDiff } from "./words.ts";

const pickExamples = (body: Lists) => body.examples ?? [];
const shownMax = 10;

export function Examples({ environments }: { readonly environments: readonly EnvironmentView[] }) {
  const [environment, setEnvironment] = useState("");
  const [baselines, setBaselines] = useState(false);
  const query = new URLSearchParams({ max: "100" });
  if (environment !== "") query.set("environment", environment);
  const all = useList(`api/examples?${query}`, pickExamples);
  // The baseline is wrong at every step that changes something: its errors say little.
  const learnt = (all ?? []).filter((one) => baselines || one.predictor !== "persistence");
  const newest = learnt.slice(0, shownMax);
  const section = useRef<HTMLElement>(null);
  const { shown, isHeld } = useHeldWhileOpen(section, newest, `${environment} ${baselines}`);
  return (
    <section aria-labelledby="examples-title" data-testid="examples" ref={section}>
      <div class="bar">
        <h2 id="examples-title">Last wrong predictions</h2>
        <span class="chooser">
          <select
            aria-label="environment"
            value={environment}
            onChange={(event) => setEnvironment(event.currentTarget.value)}
          >
            <option value="">all environments</option>
            {environments.map((one) => (
              <option key={one.environment} value={one.environment}>
                {one.environment}
              </option>
            ))}
          </select>
          <label>
            <input
              type="checkbox"
              checked={baselines}
              onChange={(event) => setBaselines(event.currentTarget.checked)}
            />{" "}
            persistence too
          </label>
        </span>
      </div>
      {shown.length === 0 && (
        <p class="card quiet">{all === null ? "Loading …" : "No wrong prediction is remembered here."}</p>
      )}
      {shown.map((one) => (
        <Example key={`${one.episode} ${one.step} ${one.predictor}`} view={one} />
      ))}
      {isHeld && <p class="quiet">Held while something is open; newer ones come when all is closed.</p>}
      <p class="quiet">
        <span class="wrong">red</span>: predicted, not true · <span class="missing">green</span>: true, not predicted
      </p>
    </section>
  );
}

/** What somebody has opened stays until it is closed, or other ones are asked for: newer examples would push it away. */
function useHeldWhileOpen(section: RefObject<HTMLElement | null>, newest: readonly ExampleView[], asked: string) {
  const latest = useRef(newest);
  latest.current = newest;
  const [held, setHeld] = useState<readonly ExampleView[] | null>(null);
  useEffect(() => setHeld(null), [asked]);
  useEffect(() => {
    const element = section.current;
    const look = () => {
      // What is open within something closed is not seen.
      const isOpen = element?.querySelector("details[open]:not(details:not([open]) *)") !== null;
      setHeld((before) => (isOpen ? (before ?? latest.current) : null));
    };
    // A toggle does not bubble, but is captured on its way down.
    element?.addEventListener("toggle", look, true);
    return () => element?.removeEventListener("toggle", look, true);
  }, [section]);
  return { shown: held ?? newest, isHeld: held !== null };
}

export function Example({ view }: { readonly view: ExampleView }) {
  const { environment, predictor, episode, step, action, confidence } = view;
  return (
    <article class="card example" data-testid="example">
      <p>
        <b>{environment}</b> · {predictor} · step {step} of <code>{episode}</code>
        {confidence !== null && <span class="quiet"> · confidence {percent(confidence)}</span>}
      </p>
      <p>
        action <code>{plainText(action)}</code>
      </p>
      <Difference view={view} />
      <Why view={view} />
      <details>
        <summary>before the action</summary>
        <pre>{plainText(view.state)}</pre>
      </details>
    </article>
  );
}

function Difference({ view }: { readonly view: ExampleView }) {
  const lines = view.kind === "state" ? changeLines(view.prediction, view.truth) : null;
  if (lines === null) {
    return (
      <pre class="diff">
        {wordDiff(plainText(view.prediction), plainText(view.truth)).map(({ kind, text }, at) => (
          <span key={at} class={kind}>
            {text}
          </span>
        ))}
      </pre>
    );
  }
  return (
    <div class="wide">
      <table class="diff">
        <thead>
          <tr>
            <th>path</th>
            <th>predicted</th>
            <th>actual</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ path, predicted, actual, kind }) => (
            <tr key={path}>
              <th scope="row">{path}</th>
              <td class={kind === "same" ? "" : "wrong"}>{predicted ?? "no change"}</td>
              <td class={kind === "same" ? "" : "missing"}>{actual ?? "no change"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
