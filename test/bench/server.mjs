/** `driftline run` in a process of its own, as users start it. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const main = new URL("../../dist/main.js", import.meta.url).pathname;

export async function startServer(flags = [], dir = mkdtempSync(join(tmpdir(), "driftline-bench-"))) {
  const child = spawn(process.execPath, [main, "run", "--port", "0", "--no-sample", "--data-dir", dir, ...flags], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = new Promise((resolve) => child.on("close", resolve));
  let text = "";
  const address = await new Promise((resolve, reject) => {
    child.stdout.on("data", (chunk) => {
      text += chunk;
      const found = /listening on (\S+)/.exec(text);
      if (found !== null) resolve(found[1]);
    });
    child.on("error", reject);
  });
  return {
    address,
    pid: child.pid,
    async post(lines) {
      for (;;) {
        const response = await fetch(`${address}/v1/interactions`, {
          method: "POST",
          headers: { "content-type": "application/x-ndjson" },
          body: lines.join("\n"),
        });
        await response.arrayBuffer();
        if (response.status === 202) return;
        if (response.status !== 429) throw new Error(`${response.status}`);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    },
    async metric(series) {
      const body = await (await fetch(`${address}/metrics`)).text();
      const line = body.split("\n").find((one) => one.startsWith(`${series} `));
      return line === undefined ? null : Number(line.slice(series.length + 1));
    },
    async settle() {
      for (;;) {
        const status = await (await fetch(`${address}/api/status`)).json();
        if (status.lag?.every(({ records }) => records === 0)) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    /** Kill -9, and a new process on the same data. */
    async killAndStart() {
      child.kill("SIGKILL");
      await closed;
      return startServer(flags, dir);
    },
    /** `keep`: the data stay. */
    async stop(keep = false) {
      child.kill("SIGTERM");
      await closed;
      if (!keep) rmSync(dir, { recursive: true, force: true });
    },
  };
}
