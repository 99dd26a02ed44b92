/** A process that holds a predictor made for tests, over the product's own far side: it obeys the action of a situation. */
import { getPriority } from "node:os";
import { servePredictor } from "../../dist/predictors/host/serve.js";

const sleep = (ms, signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });

const obedient = {
  kind: "obedient",
  async open(options, deps) {
    if (options.refuse) throw new Error(`model.bin: expected 8 bytes, found ${options.refuse}`);
    deps.log("info", "open", { secret: deps.env.OBEDIENT === undefined ? "none" : "there" });
    return {
      version: "v1",
      deterministic: true,
      backend: { name: "cpu", device: `pid ${process.pid}` },
      async predict(situations, signal) {
        deps.count("tokensIn", situations.length);
        for (const { action } of situations) {
          if (action === "abort") process.abort();
          if (action === "exit") {
            process.stderr.write("the driver is gone\n");
            process.exit(7);
          }
          if (action === "throw") throw new Error("device lost");
          if (action === "spin") for (;;);
          if (action === "wait") {
            await sleep(60_000, signal);
            return situations.map(() => ({ status: "failed", reason: "deadline" }));
          }
        }
        return situations.map(({ state }) => ({
          status: "answered",
          next: { form: "state", stateText: JSON.stringify(state) },
          confidence: 1,
        }));
      },
      async close() {
        if (options.deaf) for (;;);
      },
    };
  },
  tuning: {
    wanted: () => null,
    async round({ seed, base }, options, deps, signal) {
      const { do: act } = options;
      if (act === "throw") throw new Error("model.bin: expected 8 bytes, found 3");
      if (act === "abort") process.abort();
      if (act === "spin") for (;;);
      if (act === "wait") await sleep(60_000, signal);
      const read = await deps.read(base?.blobs ?? []).catch((error) => error.message);
      const told = read === null ? "gone" : typeof read === "string" ? read : Buffer.concat(read).toString();
      deps.log("info", "round", { pid: process.pid, nice: getPriority() });
      return { form: "begun", model: { version: `${seed} ${told}`, bytes: Buffer.from([1, 2, 255]), parameters: 3 } };
    },
  },
};

await servePredictor(
  {
    send: (message, sent) => process.send(message, undefined, undefined, sent),
    onMessage: (hear) => process.on("message", hear),
    onGone: (act) => process.on("disconnect", act),
  },
  { env: process.env, now: Date.now, seconds: () => performance.now() / 1000, sleep },
  [obedient],
);
process.exit(0);
