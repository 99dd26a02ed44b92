/** Resident memory of `driftline run` with many episodes open at once. */
import { setTimeout as sleep } from "node:timers/promises";
import { startServer } from "./server.mjs";
import { events } from "./world.mjs";

export async function memory({ episodes, bytes, flags }) {
  const server = await startServer(flags);
  // A reset and two steps each, and none ends.
  const lines = events({ bytes, steps: episodes * 2, form: "state", agents: episodes });
  let most = 0;
  for (let at = 0; at < lines.length; at += 500) {
    await server.post(lines.slice(at, at + 500));
    if (at % 5_000 === 0) most = Math.max(most, (await server.metric("driftline_resident_memory_bytes")) ?? 0);
  }
  let isSettled = false;
  const settling = server.settle().then(() => {
    isSettled = true;
  });
  while (!isSettled) {
    most = Math.max(most, (await server.metric("driftline_resident_memory_bytes")) ?? 0);
    await sleep(200);
  }
  await settling;
  await sleep(3_000);
  let open = 0;
  for (let partition = 0; partition < 4; partition++)
    open += (await server.metric(`driftline_open_episodes{partition="${partition}"}`)) ?? 0;
  const settled = await server.metric("driftline_resident_memory_bytes");
  await server.stop();
  return { open, bytes, most: Math.max(most, settled), settled };
}
