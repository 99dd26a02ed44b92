/** The recorded streams and what is changed in them. Recordings are development data beside the checkout; where they are absent the table is left out. */
import { existsSync } from "node:fs";
import { prepare, readEpisodes, rewritten, watch } from "./real.mjs";

const folder = process.env.DRIFTLINE_RECORDINGS ?? new URL("../../../../shared/data", import.meta.url).pathname;
const seed = 1;

const agentOf = (episode) => episode[0].agent.name;
const taskOf = (episode) => episode[0].task.replace("train/", "").split("-")[0];
const uses = (episode, ...names) => episode.some(({ type, action }) => type === "step" && names.includes(action.name));
const any = () => true;

/** The older grammar's `put X in/on Y` as the newer one writes it, in commands and in answers. */
const putToMove = (episode) =>
  rewritten(episode, (text) =>
    text
      .replace(/^put (.*) in\/on /, "move $1 to ")
      .replace(/^You put the (.*) in\/on the /, "You move the $1 to the "),
  );

const renamed = (from, to) => (episode) => {
  const walk = (value) => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => {
        if (key === "path")
          return [
            key,
            member
              .split("/")
              .map((token) => (token === from ? to : token))
              .join("/"),
          ];
        return [key === from ? to : key, walk(member)];
      }),
    );
  };
  return episode.map((event) => ({ ...event, ...withMembers(event, ["state", "patch"], walk) }));
};

/** Refunds are nine tenths of what they were. */
const refundRule = (episode) => {
  const walk = (value) => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== "object" || value === null) return value;
    if (value.transaction_type === "refund") return { ...value, amount: Math.round(value.amount * 90) / 100 };
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, walk(member)]));
  };
  return episode.map((event) => (event.type === "step" ? { ...event, ...withMembers(event, ["patch"], walk) } : event));
};

function withMembers(event, names, walk) {
  return Object.fromEntries(names.flatMap((name) => (event[name] === undefined ? [] : [[name, walk(event[name])]])));
}

const hardTasks = ["pick_heat_then_place_in_recep", "look_at_obj_in_light"];
const isHard = (episode) => hardTasks.includes(taskOf(episode));
const exchanges = (episode) => uses(episode, "exchange_delivered_order_items", "modify_pending_order_items");
const isRandom = (episode) => agentOf(episode) === "random";

const alfworld = { file: "alfworld-train.jsonl.gz", environment: "alfworld", predictor: "recall" };
const retail = { file: "retail-api-train.jsonl.gz", environment: "retail-api", predictor: "lifted-edits" };
const usual = { learn: 200, base: 400, clean: 100, after: 150 };
const long = { ...usual, after: 600 };
const large = { learn: 500, base: 600, clean: 100, after: 250 };

/** `before` and `after`: which episodes; `change`: what becomes of those after. */
const streams = [
  { of: alfworld, what: "unchanged", wanted: [], before: any, sizes: { ...large, after: 600 } },
  { of: alfworld, what: "`put` → `move`", wanted: ["action-mix"], before: any, change: putToMove, sizes: large },
  {
    of: alfworld,
    what: "another agent (`random`)",
    wanted: ["agent-version"],
    before: (episode) => !isRandom(episode),
    after: isRandom,
    sizes: large,
  },
  {
    of: alfworld,
    what: "other shares of known agents",
    wanted: ["agent-version", "action-mix"],
    before: any,
    after: (episode) => isRandom(episode) || agentOf(episode) === "mixed-0.5",
    sizes: large,
  },
  {
    of: alfworld,
    what: "other tasks (heat, look)",
    wanted: ["action-mix", "context"],
    before: (episode) => !isHard(episode),
    after: isHard,
    sizes: large,
  },
  { of: retail, what: "unchanged", wanted: [], before: any, sizes: long },
  {
    of: retail,
    what: "`amount` renamed",
    wanted: ["schema"],
    before: any,
    change: renamed("amount", "sum"),
    sizes: usual,
  },
  { of: retail, what: "refunds are nine tenths", wanted: ["model"], before: any, change: refundRule, sizes: usual },
  {
    of: retail,
    what: "another agent (`random`)",
    wanted: ["agent-version"],
    before: (episode) => !isRandom(episode),
    after: isRandom,
    sizes: usual,
  },
  {
    of: retail,
    what: "other tasks (exchanges)",
    wanted: ["action-mix", "context"],
    before: (episode) => !exchanges(episode),
    after: exchanges,
    sizes: { learn: 150, base: 300, clean: 60, after: 150 },
  },
];

export const recordingsThere = () => existsSync(`${folder}/${alfworld.file}`);

/** One after the other: what was named, when, and since when. */
export async function* recorded() {
  const files = new Map();
  const learnt = new Map();
  for (const { of, what, wanted, before, after = null, change = (episode) => episode, sizes } of streams) {
    const { file, environment, predictor } = of;
    if (!files.has(file)) files.set(file, readEpisodes(`${folder}/${file}`, seed));
    const all = files.get(file);
    const pool = all.filter(before);
    const first = pool.slice(0, sizes.learn);
    const watched = pool.slice(sizes.learn, sizes.learn + sizes.base + sizes.clean);
    const used = new Set([...first, ...watched]);
    const later = (after === null ? pool : all.filter(after)).filter((episode) => !used.has(episode));
    const key = [environment, ...first.map(([{ episode }]) => episode)].join();
    if (!learnt.has(key)) learnt.set(key, await prepare(predictor, environment, first));
    const changed = later.slice(0, sizes.after).map(change);
    const result = await watch({
      predictor,
      environment,
      ...learnt.get(key),
      episodes: [...watched, ...changed],
      begin: watched.length,
      episodesWanted: sizes.base,
    });
    yield { environment, predictor, what, wanted, after: changed.length, learnt: first.length, ...result };
  }
}
