/** The writer thread from outside: requests in, answers out, in order. */
import { Worker } from "node:worker_threads";
import { root } from "../../root.ts";
import { LogBusy } from "../port.ts";
import type { Answer, Request } from "./messages.ts";

type Good = Answer & { readonly ok: true };

export interface Writer {
  /** Rejects with `LogBusy` where the disk is full. */
  ask(request: Request): Promise<Good>;
}

/** The built one, also where this runs from source: a thread cannot load TypeScript. */
const workerFile = new URL("dist/bundle/worker.js", root);

/** Frames come and go as buffers outside the heap: a large nursery would only hold memory. */
const maxYoungGenerationSizeMb = 8;

export async function startWriter(file: string): Promise<Writer> {
  const worker = new Worker(workerFile, {
    workerData: { file },
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb },
  });
  const waiting: { readonly resolve: (answer: Good) => void; readonly reject: (error: Error) => void }[] = [];
  let dead: Error | null = null;

  worker.on("message", (answer: Answer) => {
    const first = waiting.shift();
    if (answer.ok) first?.resolve(answer);
    else
      first?.reject(
        answer.full
          ? new LogBusy(`the log cannot be written (${answer.message})`)
          : new Error(`the log's file: ${answer.message}`),
      );
  });
  worker.on("error", (error) => die(error));
  worker.on("exit", () => die(new Error("the log's writer thread has ended")));

  function die(error: Error): void {
    dead ??= error;
    for (const { reject } of waiting.splice(0)) reject(dead);
  }

  return {
    ask(request) {
      return new Promise((resolve, reject) => {
        if (dead !== null) return reject(dead);
        waiting.push({ resolve, reject });
        // Frames are copied, not handed over: readers of the newest records read them here.
        worker.postMessage(request);
      });
    },
  };
}
