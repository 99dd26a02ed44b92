/**
 * Who an event is: (episode, step, type) or its `id`. A second body under one identity is a conflict, the same body a redelivery; so is a
 * second answer of a remote predictor, which may differ from the first. The newest identities of an episode are remembered; older steps are
 * known to be over by their number.
 */
import { hash } from "node:crypto";
import { isAnswerId } from "../../codec/answer-id.ts";
import type { Interaction } from "../../codec/records.ts";

export type IdentityVerdict = "new" | "duplicate" | "conflict";

const identitiesMax = 256;

export interface Identities {
  /** Remembers the event where it is new. */
  take(interaction: Interaction): IdentityVerdict;
  snapshot(): readonly (readonly [string, number])[];
  restore(rows: readonly (readonly [string, number])[]): void;
}

export function createIdentities(): Identities {
  const known = new Map<string, number>();
  return {
    take(interaction) {
      const keys = identitiesOf(interaction);
      if (keys.length === 0) return "new";
      const hash = bodyHash(interaction);
      let seen = false;
      for (const key of keys) {
        const before = known.get(key);
        if (before === undefined) continue;
        if (before !== hash && !isAnswerId(interaction.id)) return "conflict";
        seen = true;
      }
      if (seen) return "duplicate";
      for (const key of keys) known.set(key, hash);
      for (const key of known.keys()) {
        if (known.size <= identitiesMax) break;
        known.delete(key);
      }
      return "new";
    },
    snapshot: () => [...known],
    restore(rows) {
      known.clear();
      for (const [key, hash] of rows) known.set(key, hash);
    },
  };
}

/** Neither a number nor an id: a retry may double it. */
export function isUnidentified({ step, id }: Interaction): boolean {
  return step === null && id === null;
}

function identitiesOf({ type, step, id, predictor }: Interaction): readonly string[] {
  const keys: string[] = [];
  if (id !== null) keys.push(`=${id}`);
  if (type === "prediction") keys.push(`p${step}:${predictor}`);
  else if (type === "end") keys.push("end");
  else if (step !== null) keys.push(`${type[0]}${step}`);
  return keys;
}

/** 48 bits of SHA-256 over all fields: enough to tell the bodies of one identity apart, small enough to keep many. */
export function bodyHash(interaction: Interaction): number {
  let body = "";
  for (const value of Object.values(interaction)) {
    // The separator and the type tell null from "null" and ["a", "b"] from ["ab"].
    body += value === null ? "\0" : typeof value === "object" ? JSON.stringify(value) : `\u0001${value}`;
    body += "\u0002";
  }
  return Number.parseInt(hash("sha256", body, "hex").slice(0, 12), 16);
}
