/** Events of an agent in all three arms: twenty tasks each; so many succeed for real and simulated, so many of the plans as transfers. */
export type Event = Readonly<Record<string, unknown>>;

export function armEvents(environment: string, real: number, transfer: number, agentName = "walker"): readonly Event[] {
  return ["real", "world_model", "transfer"].flatMap((arm) =>
    Array.from({ length: 20 }, (_, at) => {
      const id = (name: string) => `${environment}-${agentName}-${name}-${at}`;
      const episode = id(arm);
      const plan = arm === "transfer" ? { plan: id("world_model") } : {};
      const worldModel = arm === "real" ? {} : { worldModel: { name: "simulator", version: "1" } };
      const agent = { name: agentName, version: "1" };
      // The simulator shows what is not so: a door beside every step.
      const state = (n: number) => (arm === "world_model" ? { n, door: `${n}` } : { n });
      return [
        { type: "reset", episode, environment, task: `t${at}`, agent, arm, state: state(0), ...plan, ...worldModel },
        { type: "step", episode, step: 0, action: arm === "world_model" ? "open door" : "go on", state: state(1) },
        { type: "step", episode, step: 1, action: "go on", state: state(2) },
        ...(arm === "world_model" ? [{ type: "step", episode, step: 2, action: "stay", state: state(3) }] : []),
        { type: "end", episode, success: at < (arm === "transfer" ? transfer : real) },
      ];
    }).flat(),
  );
}
