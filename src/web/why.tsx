/** Why a predictor said what it said: asked for when somebody wants to know. */
import { useState } from "preact/hooks";
import { liveName } from "../codec/reference-name.ts";
import type { ExplainedEdit } from "../predictors/predictor.ts";
import { doubtedWords, noRule, onlyWithheld, roleWords, withheldWords } from "../predictors/rule-kinds.ts";
import type { ExampleView, ExplainView } from "../serve/views.ts";
import { Belief } from "./belief.tsx";
import { ExplainedText } from "./explained-text.tsx";
import { percent } from "./format.ts";

type Asked =
  | { readonly state: "closed" }
  | { readonly state: "asking" }
  | { readonly state: "failed"; readonly message: string }
  | { readonly state: "told"; readonly prediction: ExplainView["predictions"][number] };

export function Why({ view }: { readonly view: ExampleView }) {
  const [asked, setAsked] = useState<Asked>({ state: "closed" });
  return (
    <details
      data-testid="why"
      onToggle={(event) => {
        if (!event.currentTarget.open || asked.state === "asking" || asked.state === "told") return;
        setAsked({ state: "asking" });
        void ask(view).then(setAsked);
      }}
    >
      <summary>why this prediction</summary>
      {asked.state === "asking" && <p class="quiet">Loading …</p>}
      {asked.state === "failed" && <p class="quiet">{asked.message}</p>}
      {asked.state === "told" && <Told prediction={asked.prediction} />}
    </details>
  );
}

async function ask({ environment, episode, step, predictor, version }: ExampleView): Promise<Asked> {
  const query = new URLSearchParams({ environment, episode, step: String(step) });
  const response = await fetch(`api/explain?${query}`).catch(() => null);
  if (response === null) return { state: "failed", message: "The server does not answer." };
  if (!response.ok) {
    const { message }: { readonly message: string } = await response.json();
    return { state: "failed", message };
  }
  const { predictions }: ExplainView = await response.json();
  const prediction = predictions.find((one) => one.predictor === predictor && one.version === version);
  return prediction === undefined
    ? { state: "failed", message: "The log holds no prediction of this version any more." }
    : { state: "told", prediction };
}

function Told({ prediction }: { readonly prediction: ExplainView["predictions"][number] }) {
  const { explanation, why, predictor } = prediction;
  if (explanation === null) return <p class="quiet">No explanation: {why}.</p>;
  const { edits, withheld = [], doubted = [], novel, segments = [], belief } = explanation;
  const told = edits.length + withheld.length + doubted.length;
  return (
    <>
      {novel && <p class="quiet">An action of this form was not seen before.</p>}
      {edits.length === 0 && <p>Nothing changes: {withheld.length === 0 ? noRule : onlyWithheld}.</p>}
      {segments.length > 0 && <ExplainedText segments={segments} />}
      <Edits edits={edits} />
      <More words={withheldWords} edits={withheld} />
      <More words={doubtedWords} edits={doubted} />
      {liveName(predictor) === "lifted-edits" && told > 0 && <p class="quiet">Here {roleWords}</p>}
      {belief !== undefined && <Belief table={belief} />}
    </>
  );
}

function More({ words, edits }: { readonly words: string; readonly edits: readonly ExplainedEdit[] }) {
  if (edits.length === 0) return null;
  return (
    <>
      <p class="quiet">Also {words}:</p>
      <Edits edits={edits} />
    </>
  );
}

function Edits({ edits }: { readonly edits: readonly ExplainedEdit[] }) {
  return (
    <ul class="why">
      {edits.map((edit) => (
        <li key={`${edit.path} ${edit.expression}`}>
          {edit.path !== "" && (
            <>
              <code>{edit.path}</code>:{" "}
            </>
          )}
          {edit.expression}
          {edit.value !== undefined && (
            <>
              {" "}
              → <code>{edit.value}</code>
            </>
          )}{" "}
          <span class="quiet">
            (support {edit.support}, {percent(edit.confidence)} of the votes)
          </span>
          {edit.rule.length > 0 && (
            <ul>
              {edit.rule.map((condition) => (
                <li key={condition} class="quiet">
                  because {condition}
                </li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ul>
  );
}
