/** Finds the command, runs it, and turns what it throws into a message and an exit code: 2 for wrong usage, 1 for failure. */
import { UsageError } from "./arguments.ts";
import { type CommandEntry, commands } from "./commands.ts";
import type { Host } from "./host.ts";
import { nearest } from "./nearest.ts";

export async function dispatch(host: Host): Promise<number> {
  const [name, ...args] = host.argv;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    return help(args[0], host);
  }
  if (name === "--version" || name === "version") {
    host.out(host.version);
    return 0;
  }
  const command = commands.find((one) => one.name === name);
  if (command === undefined) {
    const perhaps = nearest(
      name,
      commands.map((one) => one.name),
      2,
    );
    host.err(`driftline: there is no command ${JSON.stringify(name)}${perhaps}. \`driftline help\` lists them.`);
    return 2;
  }
  if (args.includes("--help") || args.includes("-h")) return usage(command, host);
  try {
    return await (await command.load()).run(args, host);
  } catch (error) {
    if (error instanceof UsageError) {
      host.err(`driftline ${name}: ${error.message}`);
      host.err(`\`driftline ${name} --help\` says more.`);
      return 2;
    }
    host.err(`driftline ${name}: ${error instanceof Error ? error.message : String(error)}`);
    if (host.env["DRIFTLINE_STACK"] === "1" && error instanceof Error) host.err(error.stack ?? "");
    return 1;
  }
}

async function help(topic: string | undefined, host: Host): Promise<number> {
  const command = commands.find((one) => one.name === topic);
  if (command !== undefined) return usage(command, host);
  const width = Math.max(...commands.map((one) => one.name.length)) + 2;
  host.out("Driftline: live sim-to-real drift monitoring for world models.");
  host.out("");
  host.out("driftline COMMAND [options]");
  host.out("");
  for (const one of commands) host.out(`  ${one.name.padEnd(width)}${one.summary}`);
  host.out("");
  host.out("`driftline COMMAND --help` says more of one command. Exit codes: 0 done, 1 failed, 2 wrong usage.");
  return 0;
}

async function usage(command: CommandEntry, host: Host): Promise<number> {
  host.out(`driftline ${command.name}: ${command.summary}`);
  host.out("");
  for (const line of (await command.load()).usage) host.out(line);
  return 0;
}
