/**
 * `npm run bench -- --catch-up`: how long after `kill -9` the job is ready again, with 10,000 open episodes and one that has been open all along.
 *
 * A day at 1,000 steps/s is 86.4 million records, which nobody waits for here. It need not be written: a restart reads the snapshot that the last
 * commit names and the records since, at most `run.catchUpMax` a partition, and nothing before. So the day is stood for by what a restart sees of it:
 * an episode whose reset lies further back than the newest snapshot, and which is in the store by that snapshot alone. Measured twice:
 * with snapshots as they come by default, and at the bound, with as many records to replay as `catchUpMax` ever allows.
 */
import { createReport, verdict } from "./report.mjs";
import { startServer } from "./server.mjs";

const openEpisodes = 10_000;
const batch = 1_000;

function* eventsOf(steps) {
  const state = (episode, step) => ({ episode, step, rooms: "hall kitchen garden ".repeat(20) });
  yield { type: "reset", episode: "long", environment: "day", state: state("long", -1) };
  for (let at = 0; at < openEpisodes; at++)
    yield { type: "reset", episode: `e${at}`, environment: "day", state: state(`e${at}`, -1) };
  const next = new Map();
  for (let at = 0; at < steps; at++) {
    const episode = at % 1_000 === 0 ? "long" : `e${at % openEpisodes}`;
    const step = next.get(episode) ?? 0;
    next.set(episode, step + 1);
    yield { type: "step", episode, step, action: "go", state: state(episode, step) };
  }
}

async function measure({ steps, flags }) {
  const server = await startServer(flags);
  let lines = [];
  const send = async () => {
    if (lines.length > 0) await server.post(lines);
    lines = [];
  };
  for (const event of eventsOf(steps)) {
    lines.push(JSON.stringify(event));
    if (lines.length === batch) await send();
  }
  await send();
  await server.settle();
  const killedAt = performance.now();
  const again = await server.killAndStart();
  let total = 0;
  for (;;) {
    const view = await (await fetch(`${again.address}/readyz`)).json();
    total = Math.max(
      total,
      view.waitingFor.reduce((sum, task) => sum + (task.stage === "track" ? task.total : 0), 0),
    );
    if (view.ready) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const seconds = (performance.now() - killedAt) / 1_000;
  const text = await (await fetch(`${again.address}/metrics`)).text();
  const open = [...text.matchAll(/^driftline_open_episodes\S* (\d+)$/gm)].reduce(
    (sum, [, one]) => sum + Number(one),
    0,
  );
  await again.stop();
  return { seconds, total, open };
}

export async function catchUp(args) {
  const { say, keep } = createReport("Catch-up", "npm run bench -- --catch-up", ", embedded log");
  say(
    `${openEpisodes} open episodes, and one whose reset lies further back than what is replayed: it stands for one that has been open for 24 h at 1,000 steps/s, of which a restart reads no more than the newest snapshot and the records since. From \`kill -9\` to 200 at \`/readyz\`, the start of the process included.`,
  );
  say();
  say("| snapshots | steps before | records to replay (track) | open after | seconds | < 60 s |");
  say("|---|---|---|---|---|---|");
  for (const [name, steps, flags] of [
    ["by default", 150_000, []],
    [
      "at the bound: one partition, only every 100,000 records",
      185_000,
      ["--log-partitions", "1", "--run-snapshot-records-min", "100000"],
    ],
  ]) {
    const { seconds, total, open } = await measure({
      steps,
      flags: ["--track-predictors", "persistence,recall", ...flags],
    });
    say(`| ${name} | ${steps} | ${total} | ${open} | ${seconds.toFixed(1)} | ${verdict(seconds < 60)} |`);
  }
  if (args.includes("--write")) keep("CATCH-UP.md");
}
