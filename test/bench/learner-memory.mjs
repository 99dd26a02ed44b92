/**
 * What `lifted-edits` keeps of so many transitions: `node --expose-gc test/bench/learner-memory.mjs STEPS [FILE]` prints one JSON line. Without
 * a file of recorded events the bench's own world is learnt. Bytes: heap and array buffers after full collections, less what was there
 * before; what the learner says it keeps is beside it.
 */
import { pathToFileURL } from "node:url";
import { foldFiles } from "../../dist/cli/evaluate/steps.js";
import { loadConfig } from "../../dist/config.js";
import { createLiftedLearner } from "../../dist/predictors/lifted-edits/learning/learner.js";
import { liftedOptions } from "../../dist/predictors/lifted-edits/options.js";
import { act, generator, startState } from "./world.mjs";

/** A buffer is let go by the collection after the one that finds it unused. */
const held = () => {
  for (let times = 0; times < 3; times++) globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

function own(learner, steps) {
  const random = generator(1);
  let [state, episode] = [null, 0];
  for (let step = 0; step < steps; step++) {
    if (step % 40 === 0) {
      state = startState(1_800, random);
      episode += 1;
    }
    const { action, next, patch } = act(state, random);
    learner.learn(transition(episode, step % 40, state, action, next, patch));
    state = next;
  }
}

function transition(episode, step, state, action, next, patch) {
  return {
    environment: "bench",
    kind: "state",
    episode: `e${episode}`,
    step,
    state: JSON.stringify(state),
    action: JSON.stringify(action),
    nextState: JSON.stringify(next),
    patch: JSON.stringify(patch),
    intermediatePatch: null,
    context: null,
  };
}

async function recorded(learner, steps, file) {
  const { track } = loadConfig({ flags: [], env: {}, readFile: () => null });
  let count = 0;
  await foldFiles(
    [file],
    { track, context: true },
    {
      ended() {},
      progress() {},
      stopped: () => count >= steps,
      step({ transition: one }) {
        if (count++ < steps) learner.learn(one);
      },
    },
  );
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [steps, file] = [Number(process.argv[2]), process.argv[3]];
  const learner = createLiftedLearner(liftedOptions);
  const before = held();
  if (file === undefined) own(learner, steps);
  else await recorded(learner, steps, file);
  const bytes = held() - before;
  process.stdout.write(`${JSON.stringify({ transitions: learner.transitions, bytes, said: learner.storeBytes() })}\n`);
}
