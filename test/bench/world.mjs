/** A structured world for measuring: entities with attributes, of which each step changes a few. States have the wanted size. */

/** mulberry32: the same world every time. */
export function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const rooms = ["kitchen", "hall", "garden", "cellar", "study"];

export function startState(bytes, random) {
  const objects = {};
  for (let number = 0; JSON.stringify({ objects }).length < bytes - 60; number++) {
    objects[`object ${number}`] = {
      color: ["red", "green", "blue", "grey"][Math.floor(random() * 4)],
      held: false,
      place: rooms[Math.floor(random() * rooms.length)],
      uses: 0,
    };
  }
  return { clock: 0, objects, room: "hall" };
}

/**
 * Events of `steps` steps in episodes of 40, several agents at once, as lines of JSON. `form`: `state` (each step carries the whole state)
 * or `patch` (RFC 6902 against the state before).
 */
export function events({ bytes, steps, form, agents = 32, seed = 1, environment = "bench", run = "b" }) {
  const random = generator(seed);
  const lines = [];
  const open = Array.from({ length: agents }, () => null);
  let episodes = 0;
  for (let made = 0; made < steps; ) {
    for (let agent = 0; agent < agents && made < steps; agent++) {
      let episode = open[agent];
      if (episode === null) {
        episode = { id: `${run}-${episodes++}`, step: 0, state: startState(bytes, random) };
        open[agent] = episode;
        lines.push(JSON.stringify({ type: "reset", episode: episode.id, environment, state: episode.state }));
      }
      const { action, next, patch } = act(episode.state, random);
      const what = form === "state" ? { state: next } : { patch };
      lines.push(JSON.stringify({ type: "step", episode: episode.id, step: episode.step++, action, ...what }));
      episode.state = next;
      made++;
      if (episode.step < 40) continue;
      lines.push(JSON.stringify({ type: "end", episode: episode.id, success: true }));
      open[agent] = null;
    }
  }
  return lines;
}

export function act(state, random) {
  const names = Object.keys(state.objects);
  const name = names[Math.floor(random() * names.length)];
  const object = state.objects[name];
  const clock = { op: "replace", path: "/clock", value: state.clock + 1 };
  if (random() < 0.3) {
    const room = rooms[Math.floor(random() * rooms.length)];
    return {
      action: `go to ${room}`,
      next: { ...state, clock: state.clock + 1, room },
      patch: [clock, { op: "replace", path: "/room", value: room }],
    };
  }
  const changed = { ...object, held: !object.held, uses: object.uses + 1 };
  return {
    action: `${object.held ? "drop" : "take"} ${name}`,
    next: { ...state, clock: state.clock + 1, objects: { ...state.objects, [name]: changed } },
    patch: [
      clock,
      { op: "replace", path: `/objects/${name}/held`, value: changed.held },
      { op: "replace", path: `/objects/${name}/uses`, value: changed.uses },
    ],
  };
}
