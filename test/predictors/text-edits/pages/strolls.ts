/** Walks through small worlds of pages, by a seed. */
import type { Transition } from "../../../../src/codec/records.ts";
import { createRandom, type Random } from "../../../../src/stats/random.ts";
import { transitionOf } from "../../../support/transitions.ts";

export interface PageWorld<House> {
  begin(random: Random): House;
  page(house: House): string;
  /** One action, at random, and what is answered. */
  act(house: House, random: Random): readonly [action: string, answer: string];
}

export function strolls<House>(
  { begin, page, act }: PageWorld<House>,
  houses: number,
  seed: number,
  length: number,
): Transition[] {
  const random = createRandom(seed);
  return Array.from({ length: houses }, (_, number) => {
    const house = begin(random);
    let state = page(house);
    return Array.from({ length }, (_, step) => {
      const [action, next] = act(house, random);
      const transition = transitionOf(state, action, next, { episode: `${seed}/${number}`, step });
      state = next;
      return transition;
    });
  }).flat();
}
