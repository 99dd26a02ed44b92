/** `driftline config`: every option, and what is in force now. */
import { configHelp, shownConfig } from "../config.ts";
import { type FlagSpec, flagHelp, takeFlags } from "./arguments.ts";
import { configOf } from "./data.ts";
import type { Command } from "./host.ts";
import { table } from "./table.ts";

const flags: FlagSpec = { json: { kind: "boolean", help: "what is in force, as a configuration file" } };

export const configCommand: Command = {
  usage: ["driftline config [--json] [any option]", "", ...flagHelp(flags)],
  async run(args, host) {
    const taken = takeFlags(args, flags);
    const config = configOf(taken, host);
    if (taken.boolean("json")) {
      host.out(JSON.stringify(shownConfig(config), null, 2));
      return 0;
    }
    for (const line of table(
      ["flag", "variable", "default", "meaning"],
      configHelp().map(([, flag, variable, standard, meaning]) => [flag, variable, standard, meaning]),
    )) {
      host.out(line);
    }
    return 0;
  },
};
