/** Transitions against the truth of the workload: each expected one once, in step order, with the values of its world. */
import type { Expectation, Item } from "../world.ts";
import type { Decoded, Derived } from "./decode.ts";
import { canonical, type Findings } from "./findings.ts";
import type { Input } from "./input.ts";

export interface Transition extends Derived {
  readonly environment: string;
  readonly episode: string;
  readonly step: number;
  readonly quality: string;
  readonly arm: string;
  readonly state: string | null;
  readonly action: string;
  readonly nextState: string;
  readonly appendedAt: number;
}

export const stepKey = ({ episode, step }: { readonly episode: string; readonly step: number }) => `${episode} ${step}`;

type Wanted = Item & { readonly expect: Extract<Expectation, { readonly kind: "transition" }> };

export function checkTransitions(
  found: readonly Decoded<Transition>[],
  items: readonly Item[],
  input: Input,
  findings: Findings,
): void {
  const topic = "transitions";
  const byStep = new Map<string, Decoded<Transition>[]>();
  const lastStep = new Map<string, number>();
  for (const record of found) {
    const { body } = record;
    byStep.set(stepKey(body), [...(byStep.get(stepKey(body)) ?? []), record]);
    if (body.step <= (lastStep.get(body.episode) ?? -1))
      findings.misordered(
        topic,
        `step ${body.step} of ${body.episode} comes behind step ${lastStep.get(body.episode)}`,
      );
    lastStep.set(body.episode, Math.max(body.step, lastStep.get(body.episode) ?? -1));
  }
  for (const item of items) {
    if (item.expect.kind !== "transition") continue;
    const key = stepKey({ episode: item.episode, step: item.expect.step });
    const [first, ...more] = byStep.get(key) ?? [];
    byStep.delete(key);
    if (first === undefined) findings.lost(topic, `${key} (event ${item.n})`);
    else checkOne(first.body, { ...item, expect: item.expect }, input, findings);
    for (const one of more)
      findings.doubled(topic, `${key} has another source at ${one.raw.partition}/${one.raw.offset}`);
  }
  for (const key of byStep.keys()) findings.wrong(topic, `${key} is no step of the workload`);
}

function checkOne(body: Transition, { n, environment, expect }: Wanted, input: Input, findings: Findings): void {
  const { state, action, nextState } = expect;
  const wanted: Readonly<Record<string, unknown>> = {
    environment,
    arm: "real",
    action: canonical(action),
    nextState: canonical(nextState),
    ...(state === null ? {} : { state: canonical(state), quality: "ok" }),
  };
  const has: Readonly<Record<string, unknown>> = { ...body };
  for (const [field, value] of Object.entries(wanted)) {
    if (has[field] !== value) findings.wrong("transitions", `${stepKey(body)} ${field}: ${has[field]} is not ${value}`);
  }
  const { source } = body;
  const from = source === null ? undefined : input.numbers.get(`${source.partition}/${source.offset}`);
  if (from !== n) findings.wrong("transitions", `${stepKey(body)} comes from event ${from}, not from ${n}`);
}
