/**
 * A remote predictor's service beside a chaos run: it says the same of every step of the rooms, after a while, so that what it answers, and
 * whether that is right, is known from the workload alone.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { rooms, roomText } from "./world.ts";

export const distantName = "distant";
export const distantAnswer = roomText(1);
const answersAfterMs = 40;

export interface Distant {
  /** What every process is told of it. */
  readonly flags: readonly string[];
  close(): void;
}

export async function startDistant(): Promise<Distant> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      setTimeout(() => {
        response.setHeader("content-type", "application/json");
        const message = { role: "assistant", content: distantAnswer };
        response.end(JSON.stringify({ choices: [{ index: 0, message, finish_reason: "stop" }] }));
      }, answersAfterMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  // However long a process is stopped in the middle of a call, the call has not failed.
  const patient = { timeoutMs: 600_000 };
  const predictor = { kind: "openai", model: "distant", url, environments: rooms, historySteps: 2, ...patient };
  return {
    flags: [
      ...["--predict-remote-predictors", JSON.stringify({ [distantName]: predictor })],
      // Every step of the rooms is asked about, however soon it comes.
      ...["--track-predict-window", "4096"],
    ],
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
