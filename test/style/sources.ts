/** The source tree as the style tests see it: every file with its text and what it imports. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";

export const root = new URL("../..", import.meta.url).pathname;

export interface SourceFile {
  /** Relative to the repository root, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
  /** Relative imports resolved to repository paths; packages by name. */
  readonly imports: readonly string[];
}

export function sourceFiles(folder: string): readonly SourceFile[] {
  return walk(join(root, folder))
    .filter((file) => /\.(ts|tsx|mjs)$/.test(file))
    .map((file) => {
      const text = readFileSync(file, "utf8");
      const path = relative(root, file);
      return { path, text, lines: text.split("\n"), imports: importsOf(path, text) };
    });
}

export function importsOf(path: string, text: string): readonly string[] {
  const found: string[] = [];
  for (const match of text.matchAll(/(?:^|\n)\s*(?:import|export)\b[^;"']*?["']([^"']+)["']/g))
    found.push(match[1] ?? "");
  for (const match of text.matchAll(/\bimport\(\s*["']([^"']+)["']\s*\)/g)) found.push(match[1] ?? "");
  return found.map((name) => (name.startsWith(".") ? join(dirname(path), name) : name));
}

export function walk(folder: string): readonly string[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory() ? walk(path) : [path];
    });
}
