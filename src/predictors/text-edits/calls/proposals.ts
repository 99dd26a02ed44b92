/**
 * What calls like this one were answered: the same request, a call with the same arguments' names, a call of this name; each the newest, as a
 * template that is filled from this request.
 */
import type { TextOptions } from "../options.ts";
import { type Remembered, rememberList } from "../remembered.ts";
import { fillAnswer } from "./lift.ts";
import type { Request } from "./request.ts";

export interface CallMemory {
  readonly template: string;
  /** The answer before it foretold this one. */
  readonly sure: boolean;
}

export interface Proposal {
  readonly flat: string;
  readonly sure: boolean;
}

export type Proposals = readonly (Proposal | null)[];

export function proposalsFor({ calls }: Remembered, request: Request, actionText: string): Proposals {
  return keysOf(request, actionText).map((key) => {
    const known = calls.get(key);
    const flat = known === undefined ? null : fillAnswer(known.template, request);
    return known === undefined || flat === null ? null : { flat, sure: known.sure };
  });
}

export function rememberCall(
  { calls }: Remembered,
  request: Request,
  asked: { readonly actionText: string; readonly flat: string; readonly template: string },
  proposals: Proposals,
  { callsMax, callCharsMax }: TextOptions,
): void {
  if (asked.template.length > callCharsMax) return;
  for (const [at, key] of keysOf(request, asked.actionText).entries())
    rememberList(calls, key, { template: asked.template, sure: proposals[at]?.flat === asked.flat }, callsMax);
}

const between = "\u0003";

function keysOf({ name, args }: Request, actionText: string): readonly string[] {
  const names = Object.keys(args).sort().join(between);
  return [`=${actionText}`, `~${name}${between}${names}`, name];
}
