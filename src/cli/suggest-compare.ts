/** `driftline suggest-compare`: which comparison rules an environment needs, from what it did. */
import { type FlagSpec, flagHelp, takeFlags, UsageError } from "./arguments.ts";
import { configOf } from "./data.ts";
import { foldFiles } from "./evaluate/steps.ts";
import type { Command } from "./host.ts";
import { createProgress } from "./progress.ts";
import { createSuggester } from "./suggest.ts";
import { table } from "./table.ts";

const flags: FlagSpec = { json: { kind: "boolean", help: "only the configuration, as JSON" } };

export const suggestCompareCommand: Command = {
  usage: [
    "driftline suggest-compare FILE… [--json]",
    "",
    "Reads recorded events (jsonl, also gzip) and lists paths whose values never repeat: no model can predict those, so leave them out of the",
    "comparison. It suggests; whether a value matters is yours to say. Put what you take into the configuration file.",
    "",
    ...flagHelp(flags),
  ],
  async run(args, host) {
    const taken = takeFlags(args, flags);
    if (taken.positionals.length === 0) throw new UsageError("name the files: driftline suggest-compare FILE…");
    const { track } = configOf(takeFlags(taken.rest, {}), host);
    const progress = createProgress(host, "reading", "events");
    const suggester = createSuggester();
    await foldFiles(
      taken.positionals,
      { track: { ...track, environments: {} }, context: true },
      {
        step: ({ transition }) => suggester.add(transition),
        ended() {},
        progress: progress.at,
        stopped: () => host.stop.aborted,
      },
    );
    progress.end();
    const suggestions = suggester.suggest();
    const configuration = {
      track: {
        environments: Object.fromEntries(
          suggestions.map(({ environment, rules }) => [environment, { comparison: rules }]),
        ),
      },
    };
    if (taken.boolean("json")) {
      host.out(JSON.stringify(configuration, null, 2));
      return 0;
    }
    const rows = suggestions.flatMap(({ environment, findings }) =>
      findings.map((finding) => [
        environment,
        finding.path === "" ? '""' : finding.path,
        finding.rule,
        String(finding.seen),
        String(finding.different),
        finding.sample,
      ]),
    );
    if (rows.length === 0) {
      host.out("nothing to suggest: every path repeats, or fewer than 20 values were seen");
      return 0;
    }
    for (const line of table(["environment", "path", "rule", "values", "different", "for example"], rows))
      host.out(line);
    host.out("");
    host.out("as configuration:");
    host.out(JSON.stringify(configuration, null, 2));
    return 0;
  },
};
