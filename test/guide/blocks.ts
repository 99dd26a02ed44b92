/** README.md as the tests of this folder see it: its fenced blocks by section and language, and how its shell lines are run. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { root } from "../style/sources.ts";
import type { Said } from "../support/driftline.ts";

export const readme = readFileSync(join(root, "README.md"), "utf8");
/** The address that the README writes; tests put their server's in its place. */
export const writtenAddress = "http://127.0.0.1:7420";

export interface Block {
  readonly language: string;
  /** The nearest heading above it. */
  readonly section: string;
  /** Ends with a newline. */
  readonly text: string;
}

export const blocks: readonly Block[] = blocksOf(readme);

/** All blocks of a section in one language, of which there must be so many. */
export function blocksIn(section: string, language: string, count: number): readonly string[] {
  const found = blocks.filter((block) => block.section === section && block.language === language);
  expect(found, `${language} blocks in "${section}"`).toHaveLength(count);
  return found.map((block) => block.text);
}

export function blockIn(section: string, language: string): string {
  return blocksIn(section, language, 1)[0] ?? "";
}

/** The text with the address of a running server, and nothing else changed. */
export function atAddress(text: string, address: string): string {
  expect(text, "the README's address stands in the block").toContain(writtenAddress);
  const host = new URL(address).host;
  return text.replaceAll(writtenAddress, `http://${host}`);
}

export function linesOf(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "");
}

/** Text outside of fenced blocks. */
export function prose(): string {
  return readme.replace(/^```[\s\S]*?^```$/gm, "");
}

/** Text outside of fenced blocks, from a heading of the second level to the next one. */
export function sectionOf(title: string): string {
  const [, after = ""] = prose().split(`\n## ${title}\n`);
  expect(after, title).not.toBe("");
  return after.split("\n## ")[0] ?? "";
}

/** Variables of the tests' own are not handed on. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("DRIFTLINE_")));

export function bash(script: string, cwd: string): Promise<Said> {
  return run("bash", ["-s"], cwd, script);
}

export function run(command: string, args: readonly string[], cwd: string, input = ""): Promise<Said> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], { cwd, env });
    const [out, err]: [string[], string[]] = [[], []];
    child.stdout.on("data", (chunk) => out.push(String(chunk)));
    child.stderr.on("data", (chunk) => err.push(String(chunk)));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, out: out.join(""), err: err.join("") }));
    child.stdin.end(input);
  });
}

function blocksOf(text: string): readonly Block[] {
  const found: Block[] = [];
  let section = "";
  let open: { readonly language: string; readonly lines: string[] } | null = null;
  for (const line of text.split("\n")) {
    if (open !== null && line === "```") {
      found.push({ language: open.language, section, text: `${open.lines.join("\n")}\n` });
      open = null;
    } else if (open !== null) open.lines.push(line);
    else if (line.startsWith("```")) open = { language: line.slice(3), lines: [] };
    else if (/^#+ /.test(line)) section = line.replace(/^#+ /, "");
  }
  expect(open, "every fence is closed").toBeNull();
  return found;
}
