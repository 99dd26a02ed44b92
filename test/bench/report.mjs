/** A report as it comes: said line by line, and kept where it is asked for. Its head says date, machine and command. */
import { writeFileSync } from "node:fs";
import { cpus, getPriority, totalmem } from "node:os";

/** `more`: what else belongs to the head. */
export function createReport(title, command, more = "") {
  const lines = [];
  const say = (line = "") => {
    lines.push(line);
    process.stdout.write(`${line}\n`);
  };
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown CPU"} · ${Math.round(totalmem() / 2 ** 30)} GiB`;
  say(`# ${title}`);
  say();
  say(
    `${new Date().toISOString().slice(0, 10)} · ${machine} · Node ${process.versions.node} · \`${command}\` at priority ${getPriority()} on a machine shared with others${more}`,
  );
  say();
  return {
    say,
    /** `file`: beside this one. */
    keep: (file) => writeFileSync(new URL(file, import.meta.url), `${lines.join("\n")}\n`),
  };
}

export const verdict = (met) => (met ? "met" : "**not met**");
