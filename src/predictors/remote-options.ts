/** The options of a kind of remote predictor, complete with defaults and checked, wherever they were given. */
import { Value } from "@sinclair/typebox/value";
import type { RemoteFactory } from "./remote.ts";

export interface OptionProblem {
  /** Empty where all of it is at fault. */
  readonly option: string;
  readonly message: string;
  readonly missing: boolean;
}

/** One problem an option. */
export function remoteOptionsOf(
  { optionsSchema }: Pick<RemoteFactory, "optionsSchema">,
  given: Readonly<Record<string, unknown>>,
): { readonly options: object; readonly problems: readonly OptionProblem[] } {
  const options: unknown = Value.Default(optionsSchema, { ...given });
  const problems = new Map<string, OptionProblem>();
  for (const { path, message, value } of Value.Errors(optionsSchema, options)) {
    const option = path.split("/")[1] ?? "";
    if (!problems.has(option))
      problems.set(option, { option, message: message.toLowerCase(), missing: value === undefined });
  }
  return {
    options: typeof options === "object" && options !== null ? options : {},
    problems: [...problems.values()],
  };
}
