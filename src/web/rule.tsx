/** One learnt rule in words, and what an operator may order of it. */
import { useState } from "preact/hooks";
import type { RulesView, RuleView } from "../serve/views.ts";
import { count, percent } from "./format.ts";
import { sendCommand } from "./source.ts";

interface Props {
  readonly view: RulesView;
  readonly rule: RuleView;
  /** The version in force. */
  readonly newest: string;
}

export function Rule({ view, rule, newest }: Props) {
  const { id, action, says, when, ordered } = rule;
  return (
    <li data-testid="rule">
      {action !== "" && (
        <>
          <code>{action}</code>:{" "}
        </>
      )}
      <span class={ordered?.order === "delete" ? "deleted" : ""}>{says}</span>{" "}
      <span class="quiet">({[...figures(rule), `rule ${id}`].join(", ")})</span>
      {ordered !== null && (
        <small class="tag" title={`by ${ordered.author} on ${new Date(ordered.at).toLocaleString()}`}>
          {ordered.order === "pin" ? "pinned" : "deleted"}
        </small>
      )}
      <Orders view={view} rule={rule} newest={newest} />
      {when.length > 0 && (
        <details>
          <summary class="quiet">where …</summary>
          <ul>
            {when.map((condition) => (
              <li key={condition} class="quiet">
                {condition}
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}

function figures({ support, tried }: RuleView): readonly string[] {
  return [
    ...(support === null ? [] : [`support ${count(support)}`]),
    ...(tried === null ? [] : [`right ${percent(tried.hits / tried.tries)} of ${count(tried.tries)}`]),
  ];
}

const orders = {
  "delete-rule": { label: "delete", title: "no later version follows it, until it is restored" },
  "pin-rule": { label: "pin", title: "all later versions follow it, whatever is learnt since" },
  "restore-rule": { label: "restore", title: "as it is learnt" },
} as const;
type Order = keyof typeof orders;

/** Each asks whether it is meant. */
function Orders({ view: { environment, predictor }, rule: { id, editable, ordered }, newest }: Props) {
  const [asked, setAsked] = useState<Order | null>(null);
  // What is said of the next version is over when it is there.
  const [said, setSaid] = useState({ word: "", before: newest });
  const order = (command: Order) => {
    setAsked(null);
    const sent = sendCommand({ command, environment, predictor, rule: id, author: "page" });
    void sent.then((word) =>
      setSaid({ word: word === "Sent." ? "Sent: the next version follows it." : word, before: newest }),
    );
  };
  const offered: readonly Order[] = [
    ...(editable && ordered?.order !== "delete" ? (["delete-rule"] as const) : []),
    ...(editable && ordered?.order !== "pin" ? (["pin-rule"] as const) : []),
    ...(ordered !== null ? (["restore-rule"] as const) : []),
  ];
  return (
    <span class="orders">
      {asked === null &&
        offered.map((one) => (
          <button type="button" key={one} data-testid={one} title={orders[one].title} onClick={() => setAsked(one)}>
            {orders[one].label}
          </button>
        ))}
      {asked !== null && (
        <>
          {orders[asked].label} this rule: {orders[asked].title}.{" "}
          <button type="button" data-testid="confirm" onClick={() => order(asked)}>
            yes, {orders[asked].label}
          </button>
          <button type="button" onClick={() => setAsked(null)}>
            no
          </button>
        </>
      )}
      <span class="quiet" role="status">
        {said.before === newest && said.word}
      </span>
    </span>
  );
}
