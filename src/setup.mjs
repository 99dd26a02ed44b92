/**
 * What `npm start` and `npm test` run first: installs the locked dependencies and builds, each only when something changed, so that a
 * fresh clone needs nothing but Node and npm. Plain JavaScript on Node's own modules, because nothing else is there yet.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const nodeMin = [20, 19];

checkNode();
install();
build();

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > nodeMin[0] || (major === nodeMin[0] && minor >= nodeMin[1])) return;
  fail(`Driftline needs Node ${nodeMin.join(".")} or newer; this is ${process.versions.node}.`);
}

function install() {
  const stamp = join(root, "node_modules", ".driftline-lock");
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  say("installing dependencies (npm ci) …");
  const npm = process.env.npm_execpath;
  const [command, ...args] = npm?.endsWith("js") ? [process.execPath, npm] : ["npm"];
  run(
    command,
    [...args, "ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"],
    "npm ci failed: see above.",
  );
  writeFileSync(stamp, wanted);
}

function build() {
  const stamp = join(root, "dist", ".driftline-build");
  const inputs = ["src", "schemas", "tsconfig.json", "package-lock.json"].flatMap((path) =>
    filesUnder(join(root, path)),
  );
  const hash = createHash("sha256");
  for (const file of inputs.sort()) {
    const { mtimeMs, size } = statSync(file);
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  const wanted = hash.digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  say("building …");
  rmSync(join(root, "dist"), { recursive: true, force: true });
  run(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", root], "the build failed: see above.");
  const vite = join(root, "node_modules/vite/bin/vite.js");
  for (const [config, message] of [
    ["src/bundle.config.mjs", "the program was not bundled: see above."],
    ["src/web/vite.config.ts", "the page did not build: see above."],
  ])
    run(process.execPath, [vite, "build", "--config", join(root, config), "--logLevel", "warn"], message);
  // `npx driftline` runs the file itself.
  chmodSync(join(root, "dist/main.js"), 0o755);
  writeFileSync(stamp, wanted);
}

function filesUnder(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).flatMap((name) => filesUnder(join(path, name)));
}

function run(command, args, message) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) fail(message);
}

function say(text) {
  process.stderr.write(`driftline: ${text}\n`);
}

function fail(text) {
  say(text);
  process.exit(1);
}
