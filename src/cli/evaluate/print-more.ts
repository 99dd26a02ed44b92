/** The tables of `driftline evaluate` beside the first: open loop, warm starts, groups, contexts. */
import type { Host } from "../host.ts";
import { table } from "../table.ts";
import type { Result } from "./measure.ts";
import type { WarmShare } from "./warm.ts";

/** Of one predictor, by one property: the most frequent ones. */
const groupsShownMax = 40;

export function printSure(results: readonly Result[], host: Host): void {
  const rows = results.flatMap(({ environment, predictor, n, sure }) =>
    sure.map(({ wanted, found }) => {
      const cells = [environment, predictor, `${Number((100 * wanted).toFixed(6))} %`, String(n)];
      if (found === null) return [...cells, "0", "-", "-", "-"];
      const { answered, right, confidenceMin } = found;
      return [...cells, String(answered), percent(answered / n), percent(right / answered), String(confidenceMin)];
    }),
  );
  printRows(["sure", "predictor", "wanted", "n", "answered", "of steps", "right", "confidenceMin"], rows, host);
}

export function printOpenLoop(results: readonly Result[], host: Host): void {
  const rows = results.flatMap(({ environment, predictor, openLoop }) =>
    openLoop.map(({ length, n, exact, held, steps, heldSteps, meanLength }) => [
      ...[environment, predictor, String(length), String(n), percent(exact), percent(held), percent(steps)],
      ...[heldSteps.toFixed(1), meanLength.toFixed(1)],
    ]),
  );
  const head = ["open loop", "predictor", "steps", "runs", "right", "held", "of steps", "to a miss", "of"];
  printRows(head, rows, host);
}

export function printWarm(results: readonly Result[], host: Host): void {
  const rows = results.flatMap(({ environment, predictor, warm }) =>
    warm.map(({ given, next, rest }) => [
      ...[environment, predictor, String(given), ...cells(next.after), ...cells(rest.after).slice(1)],
      ...[...cells(next.common), ...cells(rest.common).slice(1)],
    ]),
  );
  const head = ["warm", "predictor", "given", "n", "next", "rest", "n common", "next common", "rest common"];
  printRows(head, rows, host);
}

export function printGroups(results: readonly Result[], host: Host): void {
  const rows = results.flatMap(({ environment, predictor, by }) => {
    const seen = new Map<string, number>();
    return by.flatMap((one) => {
      const count = (seen.get(one.by) ?? 0) + 1;
      seen.set(one.by, count);
      if (count > groupsShownMax) return [];
      const { group, n, exact, abstained, wordF1 } = one;
      return [[environment, predictor, one.by, group, String(n), percent(exact), percent(wordF1), String(abstained)]];
    });
  });
  printRows(["groups", "predictor", "by", "group", "n", "exact", "word F1", "abstained"], rows, host);
}

/** The same steps with context and without; with context also after the given observations. */
export function printContexts(all: readonly Result[], without: readonly Result[], host: Host): void {
  const givens = [...new Set(all.flatMap(({ warm }) => warm.map(({ given }) => given)))].filter((given) => given > 0);
  const rows = all.map(({ environment, predictor, n, exact, warm }) => {
    const other = without.find((one) => one.environment === environment && one.predictor === predictor);
    const warmed = givens.map((given) => warm.find((one) => one.given === given)?.next.after);
    return [
      ...[environment, predictor, String(n), percent(exact.all), percent(other?.exact.all ?? null)],
      ...warmed.map((share) => (share === undefined ? "-" : `${percent(share.exact)} (${share.n})`)),
    ];
  });
  const head = ["contexts", "predictor", "n", "context", "no context", ...givens.map((given) => `${given} given (n)`)];
  printRows(head, rows, host);
}

function printRows(head: readonly string[], rows: readonly (readonly string[])[], host: Host): void {
  if (rows.length === 0) return;
  host.out("");
  for (const line of table(head, rows)) host.out(line);
}

function cells({ n, exact }: WarmShare): readonly [string, string] {
  return [String(n), percent(exact)];
}

export function percent(ratio: number | null): string {
  return ratio === null ? "-" : (100 * ratio).toFixed(1);
}
