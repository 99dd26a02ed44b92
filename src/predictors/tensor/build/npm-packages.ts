/** Installs the JavaScript of a native build with npm, without scripts, and leaves out what only debuggers read. */
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BuildError, type RunOptions, runTool } from "./tools.ts";

export interface NpmOptions extends RunOptions {
  say(line: string): void;
}

export async function installPackages(folder: string, packages: readonly string[], options: NpmOptions): Promise<void> {
  options.say(`installing ${packages.join(", ")} without their scripts`);
  // Of its own, so that npm does not take it for a part of the project around it.
  writeFileSync(join(folder, "package.json"), `${JSON.stringify({ name: "driftline-tensorflow", private: true })}\n`);
  const install = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"];
  const npm = options.env["npm_execpath"];
  const [command, ...first] = npm?.endsWith("js") ? [process.execPath, npm] : ["npm"];
  const { code, found, all } = await runTool(command ?? "npm", [...first, ...install, ...packages], {
    ...options,
    cwd: folder,
  });
  if (!found)
    throw new BuildError("npm is not installed", "It comes with Node: install Node 20.19 or newer with its npm");
  if (code !== 0)
    throw new BuildError(
      `npm did not install ${packages.join(" and ")}: ${all.trim().slice(-1_000)}`,
      "Mend that, and run this again",
    );
  removeMaps(join(folder, "node_modules"));
}

/** Two thirds of the packages' size. */
function removeMaps(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) removeMaps(path);
    else if (entry.name.endsWith(".map")) rmSync(path);
  }
}
