/**
 * `npm run bench`: measures the built job and prints a report; `-- --write` keeps it in `test/bench/`. Absolute numbers belong to the machine;
 * ratios are taken within one run, the two sides alternating.
 */
import { catchUp } from "./catch-up.mjs";
import { continual } from "./continual.mjs";
import { detection } from "./detection/main.mjs";
import { endToEnd } from "./end-to-end.mjs";
import { kafka } from "./kafka.mjs";
import { refit } from "./refit.mjs";
import { slowPredictor } from "./slow-predictor.mjs";

/** What is measured instead of the job end to end. */
const benches = new Map([
  /** Learning alone: forgetting, transfer, recovery. */
  ["--continual", continual],
  /** From a kill to ready. */
  ["--catch-up", catchUp],
  /** The job on a real broker. */
  ["--kafka", kafka],
  /** How soon drift is found, how often falsely. */
  ["--detection", detection],
  /** What a predictor of 2 s latency costs the stream. */
  ["--slow-predictor", slowPredictor],
  /** What learning costs it. */
  ["--refit", refit],
]);

const args = process.argv.slice(2);
const [, bench = endToEnd] = [...benches].find(([flag]) => args.includes(flag)) ?? [];
await bench(args);
process.exit();
