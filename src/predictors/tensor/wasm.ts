/** WebAssembly with SIMD, one thread: what runs everywhere from npm alone. Training works with the fixes of `wasm-fixes.ts`, slowly. */
import { BackendMissing } from "./backend.ts";
import { makeCurrent } from "./current.ts";
import { loadWasm, ownTree } from "./tensorflow.ts";
import type { Opened, TensorsOptions } from "./tensors.ts";
import { fixWasm, wasmLimits } from "./wasm-fixes.ts";

export async function openWasm({ purpose, log }: TensorsOptions): Promise<Opened> {
  const tf = loadWasm(ownTree);
  if (!(await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT")))
    throw new BackendMissing("this Node has no WebAssembly SIMD", "Node 20.19 or newer on x86-64 or arm64");
  fixWasm(tf);
  await withoutListeners(() => makeCurrent(tf, "wasm"));
  if (purpose === "training")
    log("warn", "training on wasm: correct, and slow (about 50 times slower than a small GPU)", {});
  return { tf, name: "wasm", device: "WebAssembly SIMD, 1 thread", limits: wasmLimits, failure: () => null };
}

/** The module would end the process on any rejection or exception that others handle: what it listens to is taken from it. */
async function withoutListeners(start: () => Promise<void>): Promise<void> {
  const events = ["uncaughtException", "unhandledRejection"];
  const before = new Map(events.map((event) => [event, process.rawListeners(event)]));
  await start();
  for (const event of events)
    for (const listener of process.rawListeners(event))
      if (!before.get(event)?.includes(listener)) process.off(event, listener as () => void);
}
