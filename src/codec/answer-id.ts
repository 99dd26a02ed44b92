/**
 * The id of a prediction event that `predict-remote` writes: which situation was answered, and by whom. Who answers a situation again after a
 * crash may answer otherwise (P4: what is not deterministic is recorded once); the first answer stands.
 */
import type { Source } from "./records.ts";

const head = "situations/";

export function answerId({ partition, offset, index }: Source, predictor: string): string {
  return `${head}${partition}/${offset}/${index}/${predictor}`.slice(0, 256);
}

export function isAnswerId(id: string | null): boolean {
  return id?.startsWith(head) === true;
}
