/**
 * Remote predictors on the command line: `--predictor [NAME=]KIND` begins one, and the flags after it that its kind knows are its options:
 * `--predictor llama --model FILE --predictor big=openai --model gpt-4o`. Everything else stays for the command and the configuration.
 */
import type { TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import type { RemoteFactory } from "../predictors/remote.ts";
import { remoteOptionsOf } from "../predictors/remote-options.ts";
import { UsageError } from "./arguments.ts";

/** A configured remote predictor: its kind, and the options that its factory's schema describes. */
export interface RemoteChoice {
  readonly kind: string;
  readonly [option: string]: unknown;
}

export interface RemoteFlags {
  /** By name, in the order given. */
  readonly predictors: Readonly<Record<string, RemoteChoice>>;
  /** The words that no remote predictor took; `--predictor` keeps the names of all. */
  readonly rest: readonly string[];
}

interface Begun {
  readonly name: string;
  readonly factory: RemoteFactory;
  readonly options: Record<string, unknown>;
}

/** `own`: flags of the command, which no predictor takes. Throws `UsageError` that names the flag. */
export function takeRemoteFlags(
  argv: readonly string[],
  factories: readonly RemoteFactory[],
  own: readonly string[],
): RemoteFlags {
  const begun: Begun[] = [];
  const rest: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? "";
    if (word === "--predictor" || word.startsWith("--predictor=")) {
      const names = word === "--predictor" ? wordsAfter(argv, at) : [word.slice("--predictor=".length)];
      if (word === "--predictor") at += names.length;
      rest.push("--predictor", ...names.map((name) => begin(name, factories, begun)));
      continue;
    }
    const last = begun.at(-1);
    const [flag = "", inline] = splitOnce(word);
    const option = flag.startsWith("--") && !own.includes(flag.slice(2)) ? optionOf(last, flag.slice(2)) : null;
    if (last === undefined || option === null) {
      rest.push(word);
      continue;
    }
    const next = argv[at + 1];
    const isSwitch = inline === null && (next === undefined || next.startsWith("--"));
    const text = inline ?? (isSwitch ? "true" : (next ?? ""));
    if (inline === null && !isSwitch) at += 1;
    last.options[option.name] = wordValue(text, option.schema, `${flag} of ${last.name}`);
  }
  return { predictors: Object.fromEntries(begun.map((one) => [one.name, complete(one)])), rest };
}

/** For `--help`: every option of every kind. */
export function remoteHelp(factories: readonly RemoteFactory[]): readonly string[] {
  return factories.flatMap(({ kind, optionsSchema }) => {
    const lines = Object.entries<TSchema>(optionsSchema.properties).map(
      ([name, { description, default: standard }]) => {
        const value = standard === undefined || standard === null ? "" : ` (default ${JSON.stringify(standard)})`;
        return [`  --${kebab(name)} VALUE`, `${description ?? ""}${value}`] as const;
      },
    );
    const width = Math.max(...lines.map(([left]) => left.length)) + 2;
    return ["", `Options of ${kind}:`, ...lines.map(([left, right]) => `${left.padEnd(width)}${right}`)];
  });
}

function begin(word: string, factories: readonly RemoteFactory[], begun: Begun[]): string {
  const [first = "", second] = splitOnce(word);
  const [name, kind] = second === null ? [first, first] : [first, second];
  const factory = factories.find((one) => one.kind === kind);
  if (factory === undefined) {
    if (second === null) return word;
    const kinds = factories.map((one) => one.kind).join(", ");
    throw new UsageError(`--predictor ${word}: there is no kind ${JSON.stringify(kind)}; there are ${kinds}`);
  }
  if (begun.some((one) => one.name === name))
    throw new UsageError(`--predictor ${word}: there is one ${name} already; name this one: --predictor NAME=${kind}`);
  begun.push({ name, factory, options: {} });
  return name;
}

function optionOf(begun: Begun | undefined, flag: string): { readonly name: string; readonly schema: TSchema } | null {
  if (begun === undefined) return null;
  const name = flag.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const schema = begun.factory.optionsSchema.properties[name];
  return schema === undefined ? null : { name, schema };
}

function wordValue(text: string, schema: TSchema, flag: string): unknown {
  for (const reading of readings(text)) {
    const value: unknown = Value.Default(schema, reading);
    if (Value.Check(schema, value)) return value;
  }
  const [error] = [...Value.Errors(schema, text)];
  const expected = error?.message.toLowerCase() ?? "another value";
  throw new UsageError(`${flag}: ${expected}; this is ${JSON.stringify(text)}${allowed(schema)}`);
}

/** What a word on the command line may mean, plainest first. */
function readings(text: string): readonly unknown[] {
  try {
    return [text, JSON.parse(text)];
  } catch {
    return [text];
  }
}

function allowed(schema: TSchema): string {
  const values = literalsOf(schema);
  return values.length === 0 ? "" : `; one of ${values.join(", ")}`;
}

function literalsOf(schema: TSchema): readonly string[] {
  if (schema["const"] !== undefined) return [String(schema["const"])];
  const parts: unknown = schema["anyOf"];
  return Array.isArray(parts) ? parts.flatMap((part: TSchema) => literalsOf(part)) : [];
}

/** Throws `UsageError` with every problem, each naming the option. */
function complete({ name, factory, options: given }: Begun): RemoteChoice {
  const { options, problems } = remoteOptionsOf(factory, given);
  if (problems.length === 0) return { kind: factory.kind, ...options };
  const said = problems.map(({ option, message, missing }) =>
    missing ? `${option} is missing: --${kebab(option)} VALUE` : `${option}: ${message}`,
  );
  throw new UsageError(`predictor ${name}: ${said.join("; ")}`);
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function splitOnce(text: string): readonly [string, string | null] {
  const at = text.indexOf("=");
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}

function wordsAfter(argv: readonly string[], at: number): readonly string[] {
  const words: string[] = [];
  for (const word of argv.slice(at + 1)) {
    if (word.startsWith("--")) break;
    words.push(word);
  }
  return words;
}
