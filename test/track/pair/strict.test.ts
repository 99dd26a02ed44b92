/** Strict environments: a state of another form is a dead letter that names the place, and the episode goes on from the next one that fits. */
import { describe, expect, it } from "vitest";
import { createTrackBench, type Event } from "../../support/track.ts";

const places = ["/orders/*/status:string", "/result:null", "/result:string"];
const state = (result: string | null, more: Event = {}) => ({ orders: { "#W1": { status: "open", ...more } }, result });

function played(change: Parameters<typeof createTrackBench>[0]) {
  const bench = createTrackBench(change);
  const step = (at: number, next: Event) =>
    bench.send({ type: "step", episode: "e", step: at, action: "look", state: next });
  bench.send({ type: "reset", episode: "e", environment: "shop", state: state(null) });
  step(0, state("seen"));
  step(1, state("seen", { refund: 3 }));
  step(2, state("again"));
  step(3, state(null));
  return bench.out;
}

describe("a strict environment", () => {
  it("makes a dead letter of a step to a state with another place, and takes up again with the next that fits", () => {
    const out = played({ environments: { shop: { places } } });
    expect(out.dead.map(({ reason, stage, episode }) => [reason, stage, episode])).toEqual([["schema", "pair", "e"]]);
    expect(out.dead[0]?.message).toContain("/orders/*/refund:number");
    expect(out.transitions.map(({ step, quality }) => [step, quality])).toEqual([
      [0, "ok"],
      [2, "broken"],
      [3, "ok"],
    ]);
  });

  it("is strict only where that is configured", () => {
    for (const environments of [{}, { other: { places } }, { shop: {} }]) {
      const out = played({ environments });
      expect(out.dead).toEqual([]);
      expect(out.transitions).toHaveLength(4);
    }
  });
});
