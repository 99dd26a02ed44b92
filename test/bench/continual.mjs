/**
 * `npm run bench -- --continual [--write]`: does `lifted-edits` forget, transfer, recover, and is it ever worse than predicting that nothing
 * changes? On the recorded worlds (DRIFTLINE_DATA, or ../shared/data); learns from their train files, looks at their dev files. `--write`
 * keeps the report in `CONTINUAL.md` and the curves in `continual.svg`.
 */
import { existsSync, writeFileSync } from "node:fs";
import { foldFiles } from "../../dist/cli/evaluate/steps.js";
import { loadConfig } from "../../dist/config.js";
import { equalJson } from "../../dist/json/diff.js";
import { tryPatch } from "../../dist/json/patch.js";
import { createLiftedLearner } from "../../dist/predictors/lifted-edits/learning/learner.js";
import { liftedOptions } from "../../dist/predictors/lifted-edits/options.js";
import { svgOf } from "./curves.mjs";
import { createReport } from "./report.mjs";

const data = process.env.DRIFTLINE_DATA ?? new URL("../../../shared/data", import.meta.url).pathname;
const worlds = ["alfworld-facts", "retail-api", "bytesized32"];
const window = 500;

export async function continual(args) {
  if (!existsSync(`${data}/${worlds[0]}-train.jsonl.gz`)) {
    process.stderr.write(`continual: SKIPPED, there are no recorded worlds in ${data} (set DRIFTLINE_DATA)\n`);
    return;
  }
  const { say, keep } = createReport("Continual learning", "npm run bench -- --continual");
  say(
    "Train files are learnt, dev files looked at; exact matches of whole next states, no comparison rule, in %. Everything is deterministic: no seed is drawn.",
  );
  say();
  say("![curves](continual.svg)");
  const curves = [...(await windows(say)), ...(await changes(say))];
  await games(say);
  await apart(say);
  if (!args.includes("--write")) return;
  keep("CONTINUAL.md");
  writeFileSync(new URL("continual.svg", import.meta.url), svgOf(curves, window));
}

/** Steps of a file in order, each with its transition; `change` rewrites those from the first episode after `at` on. */
async function stream(file, step, { change = null, at = 0, to = Number.POSITIVE_INFINITY } = {}) {
  const { track } = loadConfig({ flags: [], env: {}, readFile: () => null });
  let [count, episode, changed] = [0, "", false];
  const listener = {
    ended() {},
    progress() {},
    stopped: () => count >= to,
    step({ situation, transition }) {
      if (count >= to) return;
      if (situation.episode !== episode) changed = change !== null && count >= at;
      episode = situation.episode;
      if (!changed) step(situation, transition, count++, false);
      else {
        const rewritten = rewrite(transition, change);
        step(situationOf(situation, rewritten), rewritten, count++, true);
      }
    },
  };
  await foldFiles([`${data}/${file}.jsonl.gz`], { track, context: true }, listener);
  return count;
}

function rewrite(transition, change) {
  const text = (value) => (value === null ? null : change(value));
  const { action, state, nextState, patch, intermediatePatch } = transition;
  return {
    ...transition,
    action: change(action),
    state: text(state),
    nextState: change(nextState),
    patch: text(patch),
    intermediatePatch: text(intermediatePatch),
  };
}

function situationOf(situation, { action, state }) {
  return {
    ...situation,
    actionText: action,
    action: JSON.parse(action),
    stateText: state,
    state: JSON.parse(state),
  };
}

function isRight(predictor, situation, transition) {
  const prediction = predictor.predict(situation);
  if (prediction.status !== "answered") return false;
  const next = tryPatch(situation.state, prediction.next.patch);
  return next.ok && equalJson(next.value, JSON.parse(transition.nextState));
}

const isStatic = (transition) => transition.patch === "[]" || transition.state === transition.nextState;
const newLearner = () => createLiftedLearner(liftedOptions);
const percent = (ratio) => (100 * ratio).toFixed(1);
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Each step predicted, then learnt, from nothing: against "nothing changes", window by window. */
async function windows(say) {
  say();
  say(`## Windows of ${window} transitions, from nothing`);
  say();
  say(
    "Each step predicted, then learnt; `persistence` beside it on the same steps. Worst: the window in which `lifted-edits` was least ahead, in points. Significantly worse: one-sided sign test on the steps that one of both had right (exact binomial), at 1 %.",
  );
  say();
  say(
    "| world | transitions | windows | persistence | lifted-edits | last window | worst | windows worse by > 1 point | significantly worse |",
  );
  say("|---|---|---|---|---|---|---|---|---|");
  const curves = [];
  for (const world of worlds) {
    const learner = newLearner();
    const all = [];
    await stream(`${world}-train`, (situation, transition, at) => {
      const own = isRight(learner.current(), situation, transition);
      const [ours, theirs] = [Number(own), Number(isStatic(transition))];
      const index = Math.floor(at / window);
      all[index] ??= { n: 0, own: 0, base: 0, better: 0, worse: 0 };
      const one = all[index];
      one.n += 1;
      one.own += ours;
      one.base += theirs;
      one.better += Number(ours > theirs);
      one.worse += Number(theirs > ours);
      learner.learn(transition);
    });
    const full = all.filter(({ n }) => n === window);
    const ahead = full.map(({ own, base, n }) => (100 * (own - base)) / n);
    const total = (key) => all.reduce((sum, one) => sum + one[key], 0);
    const [n, last] = [total("n"), full.at(-1)];
    say(
      `| ${world} | ${n} | ${full.length} | ${percent(total("base") / n)} | ${percent(total("own") / n)} | ${percent(last.own / last.n)} | ${signed(Math.min(...ahead))} | ${ahead.filter((points) => points < -1).length} | ${full.filter(({ better, worse }) => signTest(better, worse) < 0.01).length} |`,
    );
    curves.push({
      title: `${world}: from nothing`,
      lines: [
        { name: "lifted-edits", values: full.map(({ own, n: of }) => own / of) },
        { name: "persistence", values: full.map(({ base, n: of }) => base / of) },
      ],
    });
  }
  return curves;
}

const signed = (points) => `${points < 0 ? "−" : "+"}${Math.abs(points).toFixed(1)}`;

/** P(at least `worse` of `better + worse` fall on the worse side by chance). */
function signTest(better, worse) {
  const n = better + worse;
  let [term, sum] = [0.5 ** n, 0];
  if (term === 0) return worse > n / 2 + 1.16 * Math.sqrt(n) ? 0 : 1;
  for (let k = 0; k <= n; k++) {
    if (k >= worse) sum += term;
    term = (term * (n - k)) / (k + 1);
  }
  return sum;
}

/** Rewritings of a world's texts: from some episode on its dynamics are others. */
const changesOf = {
  "retail-api": [
    ["renamed verb", (text) => text.replaceAll('"get_order_details"', '"fetch_order"')],
    [
      "changed constant",
      (text) => text.replaceAll('"cancelled"', '"annulled"').replaceAll('"return requested"', '"return asked for"'),
    ],
    ["renamed field", (text) => text.replaceAll('"status"', '"phase"').replaceAll('/status"', '/phase"')],
  ],
  "alfworld-facts": [
    ["renamed verb", (text) => text.replaceAll('"take ', '"grab ').replaceAll('"go to ', '"walk to ')],
    [
      "changed constant",
      (text) =>
        text.replaceAll('"open":true', '"open":"wide"').replace(/("path":"[^"]*\/open","value":)true/g, '$1"wide"'),
    ],
    ["renamed field", (text) => text.replaceAll('"in":', '"inside":').replaceAll('/in"', '/inside"')],
  ],
};
const changedAt = { "retail-api": 3_000, "alfworld-facts": 2_000 };

async function changes(say) {
  say();
  say("## A change of dynamics");
  say();
  say(
    "From the named transition on (the next episode) a verb, a constant or a field has another name, in states, actions and truths alike. Before: the 500 transitions before it. After 500: the 500 that follow the first 500 after the change. Unchanged: those same 500 without the change, for they are not as hard as those before.",
  );
  say();
  say("| world | change | at | before | first 100 | first 500 | after 500 | unchanged | after 500 − unchanged |");
  say("|---|---|---|---|---|---|---|---|---|");
  const curves = [];
  for (const [world, list] of Object.entries(changesOf)) {
    const at = changedAt[world];
    const run = async (change) => {
      const learner = newLearner();
      const rights = [];
      let start = 0;
      const step = (situation, transition, index, changed) => {
        if (changed && start === 0) start = index;
        rights.push(Number(isRight(learner.current(), situation, transition)));
        learner.learn(transition);
      };
      await stream(`${world}-train`, step, { change, at, to: at + 1_300 });
      return { rights, start };
    };
    const plain = (await run(null)).rights;
    const lines = [{ name: "unchanged", values: chunks(plain) }];
    for (const [name, change] of list) {
      const { rights, start } = await run(change);
      const [before, first100, first, after] = [
        rights.slice(start - 500, start),
        rights.slice(start, start + 100),
        rights.slice(start, start + 500),
        rights.slice(start + 500, start + 1_000),
      ].map(mean);
      const same = mean(plain.slice(start + 500, start + 1_000));
      say(
        `| ${world} | ${name} | ${start} | ${percent(before)} | ${percent(first100)} | ${percent(first)} | ${percent(after)} | ${percent(same)} | ${signed(100 * (after - same))} |`,
      );
      lines.push({ name, values: chunks(rights) });
    }
    curves.push({ title: `${world}: a change at ${at} (windows of 100, the last 20)`, lines });
  }
  return curves;
}

function chunks(rights) {
  const values = [];
  for (let at = Math.max(0, rights.length - 2_000); at + 100 <= rights.length; at += 100)
    values.push(mean(rights.slice(at, at + 100)));
  return values;
}

/** One environment of 24 small worlds: one after another, and all at once. */
async function games(say) {
  const trains = await byGame("bytesized32-train");
  const devs = await byGame("bytesized32-dev");
  const judge = (predictor, game) =>
    mean(devs.get(game).map(([situation, transition]) => Number(isRight(predictor, situation, transition))));
  const one = newLearner();
  const rows = [];
  for (const [game, steps] of trains) {
    const before = judge(one.current(), game);
    const rights = [];
    for (const [situation, transition] of steps) {
      if (rights.length < 200) rights.push(Number(isRight(one.current(), situation, transition)));
      one.learn(transition);
    }
    one.settle();
    const alone = newLearner();
    const scratch = steps.slice(0, 200).map(([situation, transition]) => {
      const right = Number(isRight(alone.current(), situation, transition));
      alone.learn(transition);
      return right;
    });
    const base = mean(devs.get(game).map(([, transition]) => Number(isStatic(transition))));
    rows.push({
      game,
      base,
      before,
      first: mean(rights),
      scratch: mean(scratch),
      finished: judge(one.current(), game),
    });
  }
  for (const row of rows) row.end = judge(one.current(), row.game);
  const mixed = newLearner();
  const queues = [...trains.values()].map((steps) => [...steps].reverse());
  while (queues.some((queue) => queue.length > 0)) {
    for (const queue of queues) {
      const next = queue.pop();
      if (next !== undefined) mixed.learn(next[1]);
    }
  }
  mixed.settle();
  for (const row of rows) row.mixed = judge(mixed.current(), row.game);
  say();
  say("## One after another, and all at once");
  say();
  say(
    "`bytesized32` is one environment of 24 small worlds that share verbs and fields. They are learnt one after another; then their dev walks are predicted at once (finished) and again when all are learnt (at the end). Unseen: before the first of its transitions. First 200: its first 200 transitions, predicted and then learnt, after the worlds before it and from nothing: what is transferred. All at once: the same transitions, a step of each world in turn.",
  );
  say();
  say(
    "| world | persistence | unseen | first 200, from nothing | first 200, after others | finished | at the end | forgotten | all at once |",
  );
  say("|---|---|---|---|---|---|---|---|---|");
  const line = (name, row) =>
    say(
      `| ${name} | ${percent(row.base)} | ${percent(row.before)} | ${percent(row.scratch)} | ${percent(row.first)} | ${percent(row.finished)} | ${percent(row.end)} | ${signed(100 * (row.end - row.finished))} | ${percent(row.mixed)} |`,
    );
  for (const row of rows) line(row.game, row);
  const keys = ["base", "before", "scratch", "first", "finished", "end", "mixed"];
  line("**mean**", Object.fromEntries(keys.map((key) => [key, mean(rows.map((row) => row[key]))])));
}

async function byGame(file) {
  const found = new Map();
  await stream(file, (situation, transition) => {
    const game = situation.context.game;
    const steps = found.get(game) ?? [];
    found.set(game, steps);
    steps.push([situation, transition]);
  });
  return found;
}

/** Every environment has a learner of its own: what else is streamed cannot change its versions. */
async function apart(say) {
  const versionOf = (learner) => learner.publish(() => "").version;
  const names = ["alfworld-facts", "retail-api"];
  const to = 1_000;
  const alone = [];
  const queues = [];
  for (const name of names) {
    const learner = newLearner();
    const steps = [];
    await stream(
      `${name}-train`,
      (_, transition) => {
        learner.learn(transition);
        steps.push(transition);
      },
      { to },
    );
    alone.push(versionOf(learner));
    queues.push(steps);
  }
  const learners = names.map(newLearner);
  for (let at = 0; at < to; at++) for (const [index, steps] of queues.entries()) learners[index].learn(steps[at]);
  const same = learners.every((learner, index) => versionOf(learner) === alone[index]);
  say();
  say("## Environments beside each other");
  say();
  say(
    `Every environment has a learner of its own. ${to} transitions of ${names.join(" and ")} in turn, in one process, give ${same ? "the same versions, byte for byte," : "**other versions**"} as each alone: nothing is forgotten for what is streamed beside it.`,
  );
}
