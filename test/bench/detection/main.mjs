/**
 * `npm run bench -- --detection`: how soon drift is found, how often falsely, and whether the cause is named rightly, on simulated and on recorded
 * streams; `--write` keeps the report in `test/bench/DETECTION.md`. Everything is seeded: the same code gives the same tables, but for the speeds.
 */
import { createReport, verdict } from "../report.mjs";
import { median, quantile } from "./random.mjs";
import { detectors, freezing, kinds, run } from "./simulated.mjs";
import { speed } from "./speed.mjs";
import { recorded, recordingsThere } from "./streams.mjs";

const correlations = [0, 0.1, 0.33];
const rises = [
  [0.05, 0.15, 40],
  [0.02, 0.06, 100],
];
const thousand = { episodesWanted: 1_000, episodesMin: 1_000, precision: 0.25 };

export async function detection(args) {
  const { say, keep } = createReport("Drift detection", "npm run bench -- --detection");
  say(
    "Episodes of 20 steps whose errors correlate by the intra-class correlation (ICC), drawn from a beta-binomial distribution; seeds are in the code. A delay is counted in episodes. The baseline is made of the simulated stream itself, bound and all: nothing is told to a detector that it would not know.",
  );
  const worst = detectorTable(say);
  freezingTable(say);
  const causes = causeTable(say);
  const alone = wholeTable(say);
  const real = await recordedTable(say);
  const speeds = speedTable(say);
  say();
  say("## Wanted");
  say();
  say("| wanted | measured | |");
  say("|---|---|---|");
  for (const [wanted, measured, met] of [...worst, ...alone, ...causes, ...real, ...speeds])
    say(`| ${wanted} | ${measured} | ${verdict(met)} |`);
  if (args.includes("--write")) keep("DETECTION.md");
}

function detectorTable(say) {
  say();
  say("## Detectors on episode means, baseline of 1,000 episodes");
  say();
  say(
    "| ICC | error | detector | false alarms per 5,000 episodes | for 150 series: one in | median delay | 90 % | not found in 4,000 |",
  );
  say("|---|---|---|---|---|---|---|---|");
  const rows = [];
  for (const icc of correlations) {
    for (const [before, after, limit] of rises) {
      const result = detectors({ before, after, icc, runs: 100, episodes: 2_500, seed: 1, baseline: thousand });
      const [eSr, adwin] = result.detectors;
      rows.push({ icc, before, after, limit, eSr, adwin });
      for (const one of result.detectors) {
        const every = one.falsePer5000 === 0 ? "–" : `${Math.round(5_000 / (150 * one.falsePer5000))} episodes of each`;
        say(
          `| ${icc} | ${percent(before)} → ${percent(after)} | ${one.name} | ${one.falsePer5000.toFixed(2)} | ${every} | ${one.median ?? "–"} | ${one.p90 ?? "–"} | ${one.missed} |`,
        );
      }
    }
  }
  const most = Math.max(...rows.map(({ eSr }) => eSr.falsePer5000));
  return [
    ["e-SR: at most 1 false alarm per 5,000 episodes and series, ICC up to .33", most.toFixed(2), most <= 1],
    ...rises.map(([before, after, limit]) => {
      const slowest = Math.max(...rows.filter((row) => row.before === before).map(({ eSr }) => eSr.median));
      return [
        `${percent(before)} → ${percent(after)} in a median of at most ${limit} episodes`,
        String(slowest),
        slowest <= limit,
      ];
    }),
    [
      "at most half of ADWIN's delay, in the same run",
      rows.map(({ eSr, adwin }) => (eSr.median / adwin.median).toFixed(2)).join(", "),
      rows.every(({ eSr, adwin }) => eSr.median <= adwin.median / 2),
    ],
  ];
}

function freezingTable(say) {
  say();
  say("## When to freeze a baseline");
  say();
  say(
    "So many episodes, or earlier once the upper bound lies within a quarter of the mean (the bound is made of episode means, so it holds the design effect). Chosen: 1,000, or from 300 on within a quarter.",
  );
  say();
  say("| rule | ICC | error | episodes, median | false alarms per 5,000 | median delay |");
  say("|---|---|---|---|---|---|");
  for (const [name, rule] of [
    ["100", { episodesWanted: 100, episodesMin: 100, precision: 0.25 }],
    ["300", { episodesWanted: 300, episodesMin: 300, precision: 0.25 }],
    ["1,000", thousand],
    ["1,000, or from 300 within a quarter", { episodesWanted: 1_000, episodesMin: 300, precision: 0.25 }],
  ]) {
    for (const icc of [0, 0.33]) {
      for (const [rate, after] of rises) {
        const one = freezing({ rate, after, icc, runs: 60, episodes: 2_500, seed: 5_000, ...rule });
        say(
          `| ${name} | ${icc} | ${percent(rate)} → ${percent(after)} | ${one.episodes} | ${one.falsePer5000.toFixed(2)} | ${one.median} |`,
        );
      }
    }
  }
}

function causeTable(say) {
  say();
  say("## Causes, through the whole of drift detection");
  say();
  say(
    "Six actions, two agents, 5 % error; correlated by shared luck, so that every action keeps its exact error. Baseline by the chosen rule, 300 clean episodes, then one kind of drift. `start` is the named start minus the true one, in episodes.",
  );
  say();
  say("| drift | ICC | named | right | median delay | start: 10 %, median, 90 % | missed | false before |");
  say("|---|---|---|---|---|---|---|---|");
  const rates = [];
  for (const kind of kinds) {
    for (const icc of correlations) {
      const results = Array.from({ length: 60 }, (_, at) => run({ kind, icc, seed: 100 + at })).filter(
        ({ masked }) => !masked,
      );
      const named = new Map();
      for (const { cause } of results) if (cause !== null) named.set(cause, (named.get(cause) ?? 0) + 1);
      const found = results.filter(({ cause }) => cause !== null);
      const right = (named.get(kind) ?? 0) / results.length;
      rates.push(right);
      const starts = found.map(({ sinceError }) => sinceError);
      const falses = results.reduce((sum, one) => sum + one.false, 0);
      say(
        `| ${kind} | ${icc} | ${[...named].map(([cause, count]) => `${cause} ${count}`).join(", ")} | ${percent(right)} | ${median(found.map(({ delay }) => delay))} | ${quantile(starts, 0.1)}, ${median(starts)}, ${quantile(starts, 0.9)} | ${results.length - found.length} | ${falses} |`,
      );
    }
  }
  const least = Math.min(...rates);
  return [["the cause right in at least 90 % of the drifts of each kind", `least ${percent(least)}`, least >= 0.9]];
}

function wholeTable(say) {
  say();
  say("## False alarms of the whole (the error and its five parts), nothing changed");
  say();
  say("| ICC | baseline | episodes | alarms | per 5,000 | for 150 series: one in |");
  say("|---|---|---|---|---|---|");
  let most = 0;
  for (const icc of correlations) {
    for (const [name, episodesMin] of [
      ["1,000", 1_000],
      ["chosen rule", 300],
    ]) {
      const clean = 2_000;
      const runs = 60;
      let alarms = 0;
      for (let at = 0; at < runs; at++)
        alarms += run({ kind: "none", icc, seed: 9_000 + at, clean, after: 0, episodesMin }).false;
      const rate = (alarms * 5_000) / (runs * clean);
      most = Math.max(most, rate);
      const every = alarms === 0 ? "–" : `${Math.round(5_000 / (150 * rate))} episodes of each`;
      say(`| ${icc} | ${name} | ${runs * clean} | ${alarms} | ${rate.toFixed(2)} | ${every} |`);
    }
  }
  return [["the whole: at most 1 false alarm per 5,000 episodes and series", most.toFixed(2), most <= 1]];
}

async function recordedTable(say) {
  if (!recordingsThere()) {
    process.stderr.write("*** SKIPPED: the recordings are not beside this checkout ***\n");
    return [];
  }
  say();
  say("## Recorded streams");
  say();
  say(
    "Real episodes through track itself, in an order drawn by a seed. A reference is learnt from the first episodes and pinned; the next ones make the baseline; behind 60 to 100 unchanged ones something changes. Nothing is simulated but the change.",
  );
  say();
  say(
    "| environment | reference | learnt from | baseline: episodes, error | change | alarm | raised | start | wanted | |",
  );
  say("|---|---|---|---|---|---|---|---|---|---|");
  const verdicts = [];
  for await (const one of recorded()) {
    const { environment, predictor, learnt, baseline, what, wanted, alarms, after } = one;
    const [alarm] = alarms;
    const right =
      wanted.length === 0
        ? alarms.length === 0
        : alarm !== undefined && alarm.raised > 0 && wanted.includes(alarm.cause) && Math.abs(alarm.start) <= 20;
    verdicts.push(right);
    const told = alarm === undefined ? `none in ${after} episodes` : alarm.cause;
    say(
      `| ${environment} | ${predictor} | ${learnt} | ${baseline?.profile.passages}, ${percent(baseline?.error.mean ?? 0)} | ${what} | ${told} | ${alarm?.raised ?? ""} | ${alarm?.start ?? ""} | ${wanted.join(" or ") || "no alarm"} | ${right ? "right" : "**wrong**"} |`,
    );
  }
  const right = verdicts.filter(Boolean).length;
  return [
    [
      "recorded streams: the cause right, the start within 20 episodes, no alarm where nothing changed",
      `${right} of ${verdicts.length}`,
      right === verdicts.length,
    ],
  ];
}

function speedTable(say) {
  say();
  say("## Speed, one core, e-SR, ADWIN and Page–Hinkley on");
  say();
  const { whole, decoding, windows, alone, decoded } = speed();
  say("| what | scores/s |");
  say("|---|---|");
  say(`| drift detection, from decoded scores | ${alone} |`);
  say(`| windows and tallies, from decoded scores | ${windows} |`);
  say(`| both | ${decoded} |`);
  say(`| decoding Avro alone (three entries a score) | ${decoding} |`);
  say(`| all of monitor from bytes | ${whole} |`);
  return [
    [
      "at least 100,000 decoded scores/s with all detectors on",
      `${alone} drift detection, ${decoded} with the windows`,
      decoded >= 100_000,
    ],
  ];
}

function percent(ratio) {
  return `${Math.round(ratio * 1_000) / 10} %`;
}
