/** Console blocks: `$ ` starts a command, what follows is its output, in which `…` stands for any text and a line of `…` alone for any lines. */

export interface Exchange {
  readonly command: string;
  /** Ends with a newline, or is empty. */
  readonly output: string;
}

export function exchangesOf(block: string): readonly Exchange[] {
  const found: { command: string; output: string }[] = [];
  for (const line of block.split("\n").slice(0, -1)) {
    const last = found.at(-1);
    if (line.startsWith("$ ")) found.push({ command: line.slice(2), output: "" });
    else if (last === undefined) throw new Error(`output before any command: ${line}`);
    else last.output += `${line}\n`;
  }
  return found;
}

/** Null where the output is what was promised; else the first promised line that is not found in its place. */
export function broken(promised: string, actual: string): string | null {
  const lines = promised.split("\n").slice(0, -1);
  for (let count = 1; count <= lines.length; count++) {
    const whole = count === lines.length;
    const pattern = lines.slice(0, count).map(patternOf).join("");
    if (!new RegExp(`^${pattern}${whole ? "$" : ""}`).test(actual)) return lines[count - 1] ?? "";
  }
  return lines.length === 0 && actual !== "" ? "no output" : null;
}

function patternOf(line: string): string {
  if (line === "…") return "(?:.*\\n)*?";
  return `${line.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("…", ".*")}\\n`;
}
