/** `driftline rules ENVIRONMENT`: what a predictor has learnt of an environment, in words, also while the job runs. */
import type { LearntRule } from "../predictors/learnt-rules.ts";
import { predictorFactories } from "../predictors/registry.ts";
import { isKind, ruleKindNames } from "../predictors/rule-kinds.ts";
import { openBlobs } from "../runtime/open-blobs.ts";
import { createRuleReader, rulesView } from "../serve/read-rules.ts";
import type { RulesView } from "../serve/views.ts";
import { type FlagSpec, flagHelp, takeFlags, UsageError } from "./arguments.ts";
import { configOf, withLogToRead } from "./data.ts";
import type { Command, Host } from "./host.ts";

const flags: FlagSpec = {
  predictor: { kind: "string", help: "of this predictor (default: the first that lists rules)", placeholder: "NAME" },
  kind: { kind: "string", help: `only rules of a kind: ${ruleKindNames.join(", ")}`, placeholder: "KIND" },
  find: { kind: "string", help: "only rules that say this somewhere", placeholder: "TEXT" },
  max: { kind: "number", help: "the first so many (default 50)", placeholder: "N" },
  json: { kind: "boolean", help: "one JSON object" },
  "data-dir": { kind: "string", help: "the data folder (default .driftline)", placeholder: "DIR" },
};
const listedMax = 50;

export const rulesCommand: Command = {
  usage: [
    "driftline rules ENVIRONMENT [--predictor NAME] [--kind KIND] [--find TEXT] [--max N] [--json] [--data-dir DIR]",
    "",
    "In <0>, <1> … stand what the action names, in <…> lists. `support`: learnt steps that speak for the rule; `right`: how often it was",
    "right when it was chosen before the step was learnt.",
    "",
    ...flagHelp(flags),
  ],
  async run(args, host) {
    const taken = takeFlags(args, flags);
    const [environment, more] = taken.positionals;
    if (environment === undefined || more !== undefined)
      throw new UsageError("name the environment: driftline rules ENVIRONMENT");
    const kind = taken.string("kind");
    if (kind !== null && !isKind(kind))
      throw new UsageError(`--kind is one of ${ruleKindNames.join(", ")}, not ${JSON.stringify(kind)}`);
    return withLogToRead(taken, host, async (log) => {
      const blobs = await openBlobs(configOf(taken, host), log, host.now);
      const reader = createRuleReader({ log, blobs, factories: predictorFactories });
      const found = await reader.read({ environment, predictor: taken.string("predictor") });
      if (!found.ok) {
        host.err(`driftline rules: ${found.message}`);
        return 1;
      }
      const max = taken.number("max") ?? listedMax;
      const view = rulesView(found, { kind, find: taken.string("find"), from: 0, max });
      if (taken.boolean("json")) host.out(JSON.stringify(view));
      else print(view, host);
      return 0;
    });
  },
};

function print(view: RulesView, host: Host): void {
  const { environment, predictor, version, transitions, total, rules } = view;
  host.out(
    `${environment}, ${predictor} ${version.slice(0, 12)}, learnt from ${transitions} transitions: ${total} rules`,
  );
  let action: string | null = null;
  for (const rule of rules) {
    if (rule.action !== action) host.out("");
    if (rule.action !== action) host.out(rule.action === "" ? "(every action)" : rule.action);
    action = rule.action;
    host.out(`  ${rule.says}`);
    for (const condition of rule.when) host.out(`      where ${condition}`);
    host.out(`      rule ${rule.id}${figures(rule)}`);
  }
  if (rules.length < total) host.out("");
  if (rules.length < total) host.out(`${total - rules.length} rules more: --max ${total}, or --find TEXT`);
}

function figures({ support, tried }: LearntRule): string {
  const steps = support === null ? "" : `, support ${support}`;
  if (tried === null || tried.tries === 0) return steps;
  return `${steps}, right ${((100 * tried.hits) / tried.tries).toFixed(1)} % of ${tried.tries}`;
}
