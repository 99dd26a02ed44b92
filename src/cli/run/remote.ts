/** `driftline run --predictor KIND …`: remote predictors of the command line as the option that they are. */
import { aliases } from "../../config.ts";
import { remoteFactories } from "../../predictors/remote-registry.ts";
import { UsageError } from "../arguments.ts";
import { takeRemoteFlags } from "../remote-flags.ts";

export const kinds = remoteFactories.map(({ kind }) => kind).join(", ");

/** They replace those of the configuration's file. */
export function withRemote(args: readonly string[]): readonly string[] {
  const { predictors, rest } = takeRemoteFlags(args, remoteFactories, Object.keys(aliases));
  const words: string[] = [];
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] ?? "";
    if (word !== "--predictor") {
      words.push(word);
      continue;
    }
    for (; at + 1 < rest.length && rest[at + 1]?.startsWith("--") === false; at++) {
      const name = rest[at + 1] ?? "";
      if (!Object.hasOwn(predictors, name))
        throw new UsageError(`--predictor ${name}: name a kind (${kinds}); inline predictors are in track.predictors`);
    }
  }
  const given = Object.keys(predictors).length > 0;
  return given ? [...words, "--predict-remote-predictors", JSON.stringify(predictors)] : words;
}
