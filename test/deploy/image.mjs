/**
 * Executes the steps of deploy/Dockerfile in a clean directory, for machines without a container engine, and starts what comes out of it:
 * `npm run check-image`. Every stage is a folder; COPY takes only what .dockerignore lets through; the program runs as another user who can
 * write the data folder alone, where this user may change who runs it.
 */
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { createServer } from "vite";

const root = fileURLToPath(new URL("../..", import.meta.url));
const loader = await createServer({ configFile: false, root, logLevel: "error", server: { middlewareMode: true } });
const { stagesOf } = await loader.ssrLoadModule("/test/support/dockerfile.ts");
await loader.close();

const clean = mkdtempSync(join(tmpdir(), "driftline-image-"));
chmodSync(clean, 0o755);
const context = join(clean, "context");
for (const line of readFileSync(join(root, ".dockerignore"), "utf8").split("\n"))
  if (line.startsWith("!")) cpSync(join(root, line.slice(1)), join(context, line.slice(1)), { recursive: true });

/** Where each stage's folder is, and what the last one is started with. */
const folders = new Map();
let last = null;
for (const [number, stage] of stagesOf(readFileSync(join(root, "deploy/Dockerfile"), "utf8")).entries()) {
  const folder = join(clean, `stage-${number}`);
  if (stage.name !== null) folders.set(stage.name, folder);
  last = { folder, workdir: "/", env: {}, user: null, entrypoint: [], cmd: [], health: [] };
  for (const { name, text } of stage.instructions) step(last, name, text);
}
await start(last);
rmSync(clean, { recursive: true, force: true, maxRetries: 5 });

function step(stage, name, text) {
  console.log(`${name} ${text}`);
  const inside = (path) => join(stage.folder, resolve(stage.workdir, path));
  switch (name) {
    case "WORKDIR":
      stage.workdir = resolve(stage.workdir, text);
      mkdirSync(inside("."), { recursive: true });
      return;
    case "COPY": {
      const words = text.split(/\s+/);
      const [, from = null] = /^--from=(\S+)$/.exec(words[0]) ?? [];
      if (from !== null) words.shift();
      const target = words.pop();
      for (const source of words) {
        const path = from === null ? join(context, source) : join(folders.get(from), source);
        const into = words.length > 1 || target.endsWith("/") ? join(target, basename(source)) : target;
        cpSync(path, inside(into), { recursive: true });
      }
      return;
    }
    case "RUN": {
      // Absolute paths of the image lie in the stage's folder.
      const command = text.replaceAll("/var/lib/", `${stage.folder}/var/lib/`);
      const { status } = spawnSync("sh", ["-ec", command], {
        cwd: inside("."),
        stdio: ["ignore", "inherit", "inherit"],
      });
      if (status !== 0) throw new Error(`RUN ${text} ended with ${status}`);
      return;
    }
    case "ENV":
      for (const [, key, value] of text.matchAll(/(\w+)=(\S+)/g)) stage.env[key] = value;
      return;
    case "USER":
      stage.user = text.split(":").map(Number);
      return;
    case "ENTRYPOINT":
      stage.entrypoint = JSON.parse(text);
      return;
    case "CMD":
      stage.cmd = JSON.parse(text);
      return;
    case "HEALTHCHECK":
      stage.health = JSON.parse(text.slice(text.indexOf("[")));
      return;
    case "VOLUME":
    case "EXPOSE":
    case "STOPSIGNAL":
      return;
    default:
      throw new Error(`${name} is not executed here: teach it`);
  }
}

async function start({ folder, workdir, env, user, entrypoint, cmd, health }) {
  const data = join(folder, env.DRIFTLINE_DATA_DIR);
  const mayChange = process.getuid() === 0;
  if (mayChange) chownSync(data, user[0], user[1]);
  const options = {
    cwd: join(folder, workdir),
    // The host is the image's own, which wants a token; the data folder lies below the stage's.
    env: { PATH: process.env.PATH, ...env, DRIFTLINE_DATA_DIR: data, DRIFTLINE_TOKEN: "a-token-of-sixteen" },
    ...(mayChange ? { uid: user[0], gid: user[1] } : {}),
  };
  const [command, ...args] = [...entrypoint, ...cmd];
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "inherit"] });
  const closed = new Promise((done) => child.on("close", done));
  await new Promise((done, failed) => {
    child.stdout.on("data", (chunk) => String(chunk).includes("listening on") && done());
    void closed.then((code) => failed(new Error(`it ended with ${code}`)));
  });
  const checked = spawnSync(health[0], health.slice(1), options);
  const refused = await fetch("http://127.0.0.1:7420/metrics");
  const taken = await fetch("http://127.0.0.1:7420/metrics", {
    headers: { authorization: "Bearer a-token-of-sixteen" },
  });
  child.kill("SIGTERM");
  const code = await closed;
  console.log(
    `health check ${checked.status}, without a token ${refused.status}, with it ${taken.status}, stopped with ${code}`,
  );
  const writable = spawnSync("sh", ["-c", "touch x 2>/dev/null"], options).status === 0;
  if (mayChange)
    console.log(`as user ${user.join(":")}: the program's folder ${writable ? "CAN" : "cannot"} be written`);
  const right = checked.status === 0 && refused.status === 401 && taken.status === 200 && code === 0;
  if (!right || (mayChange && writable) || !existsSync(join(data, "log")))
    throw new Error("the image does not do what it should");
}
