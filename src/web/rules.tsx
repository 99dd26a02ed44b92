/** What a predictor has learnt of an environment, in words: asked for when somebody wants to know. */
import { useState } from "preact/hooks";
import { isKind, type RuleKind, roleWords, ruleKinds } from "../predictors/rule-kinds.ts";
import type { ModelsView, RulesView } from "../serve/views.ts";
import { count, version } from "./format.ts";
import { Rule } from "./rule.tsx";
import { type Lists, useList } from "./source.ts";

const pickModels = (body: Lists) => body.models ?? [];
const rulesMax = 50;

/** Of every environment of which something was learnt. */
export function Rules() {
  const models = useList("api/models", pickModels) ?? [];
  const environments = [...new Set(models.map(({ environment }) => environment))].sort();
  if (environments.length === 0) return null;
  return (
    <section aria-labelledby="rules-title" data-testid="rules">
      <h2 id="rules-title">What was learnt, in words</h2>
      {environments.map((environment) => (
        <EnvironmentRules key={environment} environment={environment} models={models} />
      ))}
      <p class="quiet">
        In &lt;0&gt;, &lt;1&gt; … stand what the action names, in &lt;…&gt; lists. Support: learnt steps that speak for
        a rule. Right: how often it was right when it was chosen before the step was learnt. In structured worlds{" "}
        {roleWords}
      </p>
    </section>
  );
}

interface Wanted {
  readonly predictor: string | null;
  readonly kind: RuleKind | "";
  readonly find: string;
  readonly from: number;
}
const everything: Wanted = { predictor: null, kind: "", find: "", from: 0 };

type Asked =
  | { readonly state: "closed" | "asking" }
  | { readonly state: "failed"; readonly message: string }
  | { readonly state: "told"; readonly view: RulesView };

interface Props {
  readonly environment: string;
  readonly models: readonly ModelsView[];
}

function EnvironmentRules({ environment, models }: Props) {
  const [asked, setAsked] = useState<Asked>({ state: "closed" });
  const [wanted, setWanted] = useState(everything);
  const askFor = (next: Wanted) => {
    setWanted(next);
    setAsked((before) => (before.state === "told" ? before : { state: "asking" }));
    void ask(environment, next).then(setAsked);
  };
  return (
    <details
      class="card"
      data-testid={`rules-${environment}`}
      onToggle={(event) => event.currentTarget.open && asked.state === "closed" && askFor(wanted)}
    >
      <summary>{environment}</summary>
      {asked.state === "asking" && <p class="quiet">Loading …</p>}
      {asked.state === "failed" && <p class="quiet">{asked.message}</p>}
      {asked.state === "told" && (
        <Told view={asked.view} newest={newestOf(asked.view, models)} wanted={wanted} askFor={askFor} />
      )}
    </details>
  );
}

/** The version in force. */
function newestOf({ environment, predictor, version: shown }: RulesView, models: readonly ModelsView[]): string {
  const its = models.find((one) => one.environment === environment && one.predictor === predictor);
  return its?.versions.at(-1)?.version ?? shown;
}

async function ask(environment: string, { predictor, kind, find, from }: Wanted): Promise<Asked> {
  const query = new URLSearchParams({ environment, from: String(from), max: String(rulesMax) });
  if (predictor !== null) query.set("predictor", predictor);
  if (kind !== "") query.set("kind", kind);
  if (find !== "") query.set("find", find);
  const response = await fetch(`api/rules?${query}`).catch(() => null);
  if (response === null) return { state: "failed", message: "The server does not answer." };
  if (response.ok) return { state: "told", view: await response.json() };
  const { message }: { readonly message: string } = await response.json();
  return { state: "failed", message };
}

interface ToldProps {
  readonly view: RulesView;
  /** The version in force. */
  readonly newest: string;
  readonly wanted: Wanted;
  readonly askFor: (next: Wanted) => void;
}

function Told({ view, newest, wanted, askFor }: ToldProps) {
  const { predictor, predictors, kinds, total, from, rules, transitions } = view;
  const last = from + rules.length;
  return (
    <>
      <div class="chooser">
        {predictors.length > 1 && (
          <select
            aria-label="predictor"
            value={predictor}
            onChange={(event) => askFor({ ...everything, predictor: event.currentTarget.value })}
          >
            {predictors.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        )}
        <select
          aria-label="kind of rules"
          value={wanted.kind}
          onChange={(event) => askFor({ ...wanted, kind: kindOf(event.currentTarget.value), from: 0 })}
        >
          <option value="">all rules</option>
          {kinds.map(({ kind, rules: its }) => (
            <option key={kind} value={kind}>
              {ruleKinds[kind]} ({count(its)})
            </option>
          ))}
        </select>
        <input
          type="text"
          aria-label="find a rule"
          placeholder="find …"
          value={wanted.find}
          onChange={(event) => askFor({ ...wanted, find: event.currentTarget.value, from: 0 })}
        />
        <button type="button" onClick={() => askFor(wanted)}>
          {newest !== view.version ? "show the newest version" : "ask again"}
        </button>
      </div>
      <p class="quiet">
        {predictor}, version {version(view.version)}, learnt from {count(transitions)} transitions: {count(total)}{" "}
        {total === 1 ? "rule" : "rules"}
        {total > rules.length && `, of which ${count(from + 1)} to ${count(last)}`}
      </p>
      <ul class="why" data-testid="rule-list">
        {rules.map((rule) => (
          <Rule key={rule.id} view={view} rule={rule} newest={newest} />
        ))}
      </ul>
      <div class="chooser">
        {from > 0 && (
          <button type="button" onClick={() => askFor({ ...wanted, from: Math.max(0, from - rulesMax) })}>
            before
          </button>
        )}
        {last < total && (
          <button type="button" onClick={() => askFor({ ...wanted, from: last })}>
            more
          </button>
        )}
      </div>
    </>
  );
}

function kindOf(value: string): RuleKind | "" {
  return isKind(value) ? value : "";
}
