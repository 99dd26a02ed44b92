/** Episodes of a lamp with somebody's simulator beside them: it is right but for a few slips, until kicks break the lamp. */
import { seeded } from "../crash/random.ts";

export function createLamp(seed = 5) {
  const random = seeded(seed);
  let episode = 0;
  return (episodes: number, isChanged: boolean): readonly object[] => {
    const events: object[] = [];
    for (let at = 0; at < episodes; at++) {
      const id = `lamp-${episode++}`;
      let lamp = { on: false, broken: false };
      const agent = { name: "hand", version: "1" };
      events.push({ type: "reset", episode: id, environment: "lamp", agent, state: lamp });
      for (let step = 0; step < 8; step++) {
        const action = random.pick(["switch", "kick", "look"]);
        const said = { ...lamp, on: action === "switch" ? !lamp.on : lamp.on };
        lamp = { on: said.on, broken: lamp.broken || (isChanged && action === "kick") };
        const state = random.chance(0.04) ? { ...said, on: !said.on } : said;
        events.push({ type: "prediction", episode: id, step, predictor: "sim", model: "7", state });
        events.push({ type: "step", episode: id, step, action, state: lamp });
      }
      events.push({ type: "end", episode: id, success: true });
    }
    return events;
  };
}
