/** The sample's toy world: events that ingest takes, a simulator that is wrong where it says so, and a ratio that shows it. */
import { describe, expect, it } from "vitest";
import { validateEvent } from "../../src/codec/events.ts";
import { freshLine } from "../../src/ingest/sample.ts";
import { courierEpisodes } from "../../src/ingest/toy-courier.ts";

const episodes = Array.from({ length: 8 }, (_, round) => courierEpisodes(round)).flat();
const successes = (agent: string, arm: string) => {
  const its = episodes.filter(([reset]) => {
    const { agent: who, arm: where } = reset as { agent: { name: string }; arm: string };
    return who.name === agent && where === arm;
  });
  return its.filter((events) => events.at(-1)?.["success"] === true).length / its.length;
};

describe("the toy courier", () => {
  it("is made of valid events, the same at every call, another day every round", () => {
    for (const event of episodes.flat()) expect(validateEvent(event).ok).toBe(true);
    expect(courierEpisodes(3)).toEqual(courierEpisodes(3));
    expect(courierEpisodes(3)).not.toEqual(courierEpisodes(4));
  });

  it("shows what a wrong simulator does: the hasty agent's plans fail for real, the careful one's hold", () => {
    expect(successes("careful", "real")).toBeGreaterThan(0.7);
    expect(successes("careful", "transfer") / successes("careful", "real")).toBeGreaterThan(0.6);
    expect(successes("hasty", "world_model")).toBeGreaterThan(0.9);
    expect(successes("hasty", "transfer") / successes("hasty", "real")).toBeLessThan(0.5);
  });

  it("has enough in its first round for a ratio of each agent", () => {
    for (const agent of ["careful", "hasty"]) {
      const real = courierEpisodes(0).filter(([reset]) => JSON.stringify(reset).includes(`"${agent}"},"arm":"real"`));
      expect(real.filter((events) => events.at(-1)?.["success"] === true).length).toBeGreaterThanOrEqual(5);
    }
  });

  it("keeps plan and episode together when it is played under fresh ids", () => {
    const transfer = { type: "reset", episode: "t", environment: "e", arm: "transfer", plan: "s" };
    expect(JSON.parse(freshLine(Buffer.from(JSON.stringify(transfer)), "r1").toString())).toMatchObject({
      episode: "t~r1",
      plan: "s~r1",
    });
    expect(JSON.parse(freshLine(Buffer.from('{"type":"end","episode":"t"}'), "r1").toString())).toEqual({
      type: "end",
      episode: "t~r1",
    });
  });
});
