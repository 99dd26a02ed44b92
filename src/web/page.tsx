/** The page, in the order of its readers' questions: is it healthy now, has it drifted and why, how accurate is it, why not better, show me an example. */
import { useEffect, useState } from "preact/hooks";
import type { WindowName } from "../serve/views.ts";
import { Alarms } from "./alarms.tsx";
import { ConsistencySection } from "./consistency.tsx";
import { DeadLetters } from "./dead-letters.tsx";
import { EnvironmentSection } from "./environment.tsx";
import { Examples } from "./examples.tsx";
import { Health } from "./health.tsx";
import { LearningCurves } from "./learning.tsx";
import { Rules } from "./rules.tsx";
import { useLive } from "./source.ts";

const windows: readonly WindowName[] = ["1m", "5m", "1h", "24h", "all"];

export function Page() {
  const { live, lostSince } = useLive();
  const [window, setWindow] = useState<WindowName>("5m");
  const now = useClock();
  const environments = live?.environments ?? [];
  return (
    <>
      <header class="top">
        <h1>
          <img src="./icon.svg" alt="" width="28" height="28" /> Driftline
        </h1>
        <p class="claim">How well the world model predicts what really happens next.</p>
      </header>
      <main>
        <Health live={live} lostSince={lostSince} now={now} />
        {live?.sample === true && (
          <p class="banner" data-testid="sample-banner" role="note">
            <b>This is the bundled sample</b>: episodes recorded in TextWorld, ScienceWorld and BabyAI, played again and
            again, and two toy worlds: <code>toy-courier</code>, whose simulator is wrong on purpose, and{" "}
            <code>toy-lift</code>, whose drift is scripted: after about half a minute its lift goes two floors at a
            time, an alarm says so, and later it is mended. It is not your data. It stops by itself when your first own
            events come to <code>POST /v1/interactions</code>.
          </p>
        )}
        <Alarms environments={environments} now={now} />
        <section aria-labelledby="accuracy-title">
          <div class="bar">
            <h2 id="accuracy-title">Next-state accuracy</h2>
            <WindowChooser window={window} choose={setWindow} />
          </div>
          {live !== null && environments.length === 0 && <Empty />}
          {environments.map((environment) => (
            <EnvironmentSection key={environment.environment} view={environment} window={window} />
          ))}
        </section>
        <ConsistencySection environments={environments} />
        <LearningCurves />
        <Rules />
        <Examples environments={environments} />
        <DeadLetters counts={live?.deadLetters ?? []} />
      </main>
      <footer>
        <a href="/metrics">/metrics</a> · <a href="/openapi.json">API</a> · <a href="/readyz">/readyz</a>
        {live !== null && ` · Driftline ${live.version}`}
      </footer>
    </>
  );
}

interface ChooserProps {
  readonly window: WindowName;
  readonly choose: (window: WindowName) => void;
}

function WindowChooser({ window, choose }: ChooserProps) {
  return (
    <fieldset class="chooser">
      <legend class="quiet">over the last</legend>
      {windows.map((name) => (
        <button
          type="button"
          key={name}
          data-testid={`window-${name}`}
          aria-pressed={name === window}
          onClick={() => choose(name)}
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}

function Empty() {
  return (
    <div class="card" data-testid="empty">
      <p>
        <b>No interactions yet.</b> Send one:
      </p>
      <pre>{`curl ${location.origin}/v1/interactions -H 'content-type: application/json' -d '[
  {"type":"reset","episode":"e1","environment":"shop","state":{"cart":[]}},
  {"type":"step","episode":"e1","step":0,"action":"add pen","state":{"cart":["pen"]}}]'`}</pre>
      <p class="quiet">
        The accuracy appears here within a second or two. <code>driftline replay FILE…</code> takes recorded
        interactions.
      </p>
    </div>
  );
}

/** Epoch milliseconds, about once a second. */
function useClock(): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
