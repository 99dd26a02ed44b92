/** `driftline rules`: what a predictor has learnt of an environment, in words, also while the job runs; and an operator's word on a rule. */
import { predictorFactories } from "../predictors/registry.ts";
import { isKind, roleWords, ruleKindNames } from "../predictors/rule-kinds.ts";
import { openBlobs } from "../runtime/open-blobs.ts";
import { createRuleReader, rulesView } from "../serve/read-rules.ts";
import { planRuleCommand, type RuleRequest } from "../serve/rule-commands.ts";
import type { RulesView, RuleView } from "../serve/views.ts";
import { type FlagSpec, flagHelp, type Taken, takeFlags, UsageError } from "./arguments.ts";
import { ask } from "./ask.ts";
import { configOf, withLogToRead } from "./data.ts";
import type { Command, Host } from "./host.ts";

const flags: FlagSpec = {
  predictor: { kind: "string", help: "of this predictor (default: the first that lists rules)", placeholder: "NAME" },
  kind: { kind: "string", help: `only rules of a kind: ${ruleKindNames.join(", ")}`, placeholder: "KIND" },
  find: { kind: "string", help: "only rules that say this somewhere", placeholder: "TEXT" },
  max: { kind: "number", help: "the first so many (default 50)", placeholder: "N" },
  json: { kind: "boolean", help: "one JSON object" },
  author: { kind: "string", help: "who orders (default: the user's name)", placeholder: "NAME" },
  note: { kind: "string", help: "why", placeholder: "TEXT" },
  "data-dir": { kind: "string", help: "the data folder (default .driftline)", placeholder: "DIR" },
};
const listedMax = 50;
const words = { delete: "delete-rule", pin: "pin-rule", restore: "restore-rule" } as const;

export const rulesCommand: Command = {
  usage: [
    "driftline rules ENVIRONMENT [--predictor NAME] [--kind KIND] [--find TEXT] [--max N] [--json] [--data-dir DIR]",
    "driftline rules delete|pin|restore ENVIRONMENT RULE [--predictor NAME] [--author NAME] [--note TEXT] [--data-dir DIR]",
    "",
    "In <0>, <1> … stand what the action names, in <…> lists. `support`: learnt steps that speak for the rule; `right`: how often it was",
    "right when it was chosen before the step was learnt. In structured worlds:",
    roleWords,
    "A deleted rule is followed by no later version until it is restored; a pinned one by all, whatever is learnt since, wherever its action and",
    "the kind of situation in which it led are met. Where `driftline run` is running on the data folder the order is sent to it.",
    "",
    ...flagHelp(flags),
  ],
  async run(args, host) {
    const taken = takeFlags(args, flags);
    const [environment, ...more] = taken.positionals;
    if (environment !== undefined && isWord(environment) && more.length > 0)
      return order(environment, more, taken, host);
    if (environment === undefined || more.length > 0)
      throw new UsageError(
        "name the environment: driftline rules ENVIRONMENT; or: driftline rules delete|pin|restore ENVIRONMENT RULE",
      );
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
      const max = taken.count("max") ?? listedMax;
      const view = rulesView(found, { kind, find: taken.string("find"), from: 0, max });
      if (taken.boolean("json")) host.out(JSON.stringify(view));
      else print(view, host);
      return 0;
    });
  },
};

function isWord(word: string): word is keyof typeof words {
  return Object.hasOwn(words, word);
}

async function order(
  word: keyof typeof words,
  [environment, rule, more]: readonly string[],
  taken: Taken,
  host: Host,
): Promise<number> {
  if (environment === undefined || rule === undefined || more !== undefined)
    throw new UsageError(`name both, and nothing more: driftline rules ${word} ENVIRONMENT RULE`);
  const request: RuleRequest = {
    command: words[word],
    environment,
    predictor: taken.string("predictor"),
    rule,
    author: taken.string("author") ?? host.env["USER"] ?? "unknown",
    note: taken.string("note"),
  };
  const asked = await ask(request, taken, host, async (log) => {
    const blobs = await openBlobs(configOf(taken, host), log, host.now);
    const reader = createRuleReader({ log, blobs, factories: predictorFactories });
    const plan = await planRuleCommand(request, log, reader, host.now());
    if (plan?.ok !== true) throw new Error(plan?.message ?? "not an order");
    return plan;
  });
  const said = `${word} rule ${rule} in ${environment}`;
  if (asked.form === "written") host.out(`${said}: written; ${asked.done}`);
  else host.out(`${said}: sent to ${asked.address}; the next version that is announced follows it`);
  return 0;
}

function print(view: RulesView, host: Host): void {
  const { environment, predictor, version, transitions, total, rules } = view;
  host.out(
    `${environment}, ${predictor} ${version.slice(0, 12)}, learnt from ${transitions} transitions: ${total} ${total === 1 ? "rule" : "rules"}`,
  );
  let action: string | null = null;
  for (const rule of rules) {
    if (rule.action !== action) host.out("");
    if (rule.action !== action) host.out(rule.action === "" ? "(every action)" : rule.action);
    action = rule.action;
    host.out(`  ${oneLine(rule.says)}`);
    for (const condition of rule.when) host.out(`      where ${oneLine(condition)}`);
    host.out(`      rule ${rule.id}${figures(rule)}${orderWords(rule)}`);
  }
  if (rules.length < total) host.out("");
  const more = total - rules.length;
  if (more > 0) host.out(`${more} ${more === 1 ? "rule" : "rules"} more: --max ${total}, or --find TEXT`);
}

function oneLine(text: string): string {
  return text.replaceAll("\n", "\\n");
}

function orderWords({ ordered }: RuleView): string {
  if (ordered === null) return "";
  const { order: what, author, at } = ordered;
  return `, ${what === "pin" ? "pinned" : "deleted"} by ${author} on ${new Date(at).toISOString()}`;
}

function figures({ support, tried }: RuleView): string {
  const steps = support === null ? "" : `, support ${support}`;
  if (tried === null || tried.tries === 0) return steps;
  return `${steps}, right ${((100 * tried.hits) / tried.tries).toFixed(1)} % of ${tried.tries}`;
}
