/**
 * The configuration: one schema for file, environment and flags. Every option has a dotted path (`track.reorderMs`), from which its
 * variable (`DRIFTLINE_TRACK_REORDER_MS`) and its flag (`--track-reorder-ms`) follow. Flags win over variables, variables over the file.
 * All errors are reported at once.
 */
import { type Static, type TObject, type TSchema, Type, TypeGuard } from "@sinclair/typebox";
import { Value, type ValueError, ValueErrorType } from "@sinclair/typebox/value";
import { blobsOptionsSchema } from "./blobs/options.ts";
import { UsageError } from "./cli/arguments.ts";
import { nearest } from "./cli/nearest.ts";
import { relationProblems } from "./config-relations.ts";
import { ingestOptionsSchema } from "./ingest/options.ts";
import { learnOptionsSchema } from "./learn/options.ts";
import { logOptionsSchema } from "./log/options.ts";
import { monitorOptionsSchema } from "./monitor/options.ts";
import { predictRemoteOptionsSchema } from "./predict-remote/options.ts";
import { runOptionsSchema } from "./run/options.ts";
import { httpOptionsSchema } from "./serve/options.ts";
import { trackOptionsSchema } from "./track/options.ts";
import { pathPattern } from "./track/score/options.ts";

export const configSchema = Type.Object(
  {
    dataDir: Type.String({
      default: ".driftline",
      minLength: 1,
      description: "Folder of the embedded log, snapshots and models; on Kafka of what this machine caches.",
    }),
    sample: Type.Boolean({
      default: true,
      description: "Play the bundled sample while the data folder has no data of your own (embedded log only).",
    }),
    logLevel: Type.Union(
      ["debug", "info", "warn", "error"].map((level) => Type.Literal(level)),
      {
        default: "info",
        description: "debug, info, warn or error.",
      },
    ),
    http: httpOptionsSchema,
    log: logOptionsSchema,
    blobs: blobsOptionsSchema,
    ingest: ingestOptionsSchema,
    run: runOptionsSchema,
    track: trackOptionsSchema,
    predictRemote: predictRemoteOptionsSchema,
    learn: learnOptionsSchema,
    monitor: monitorOptionsSchema,
  },
  { additionalProperties: false },
);
export type Config = Static<typeof configSchema>;

export interface ConfigInput {
  /** Words that no command took: `--http-port 8000`, `--no-sample`. */
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Reads the configuration file; null where there is none. */
  readonly readFile: (path: string) => string | null;
}

/** Shorter names of what is used most. */
export const aliases: Readonly<Record<string, string>> = {
  port: "http.port",
  host: "http.host",
  token: "http.token",
  log: "log.adapter",
  brokers: "log.kafka.brokers",
  registry: "log.registry.url",
  only: "run.only",
};
const fileDefault = "driftline.json";
/** Variables of ours that are no options. */
const otherVariables = new Set([
  "DRIFTLINE_CONFIG",
  "DRIFTLINE_STACK",
  "DRIFTLINE_REQUIRE",
  "DRIFTLINE_TENSOR_BACKEND",
  "DRIFTLINE_TENSORFLOW_DIR",
]);

interface Option {
  readonly path: string;
  readonly schema: TSchema;
}
const options = optionsOf(configSchema, "");
const sections = Object.keys(configSchema.properties);

/** Throws `UsageError` with every problem, one a line. */
export function loadConfig(input: ConfigInput): Config {
  const problems: string[] = [];
  const given: Record<string, unknown> = {};
  const flags = flagsOf(input.flags, problems);
  const wanted = flags.get("config") ?? input.env["DRIFTLINE_CONFIG"];
  Object.assign(given, fileOf(wanted ?? fileDefault, wanted !== undefined, input.readFile, problems));
  for (const [name, text] of Object.entries(input.env)) {
    if (!name.startsWith("DRIFTLINE_") || otherVariables.has(name) || text === undefined) continue;
    const option = options.find((one) => variableOf(one.path) === name || aliasVariable(one.path) === name);
    if (option === undefined)
      problems.push(
        `${name}: no option has this variable${nearest(
          name,
          options.map((one) => variableOf(one.path)),
        )}`,
      );
    else set(given, option, text, name, problems);
  }
  for (const [name, text] of flags) {
    if (name === "config") continue;
    const path = aliases[name] ?? options.find((one) => flagOf(one.path) === name)?.path;
    const option = options.find((one) => one.path === path);
    if (option === undefined)
      problems.push(
        `--${name}: there is no such option${nearest(name, [
          ...Object.keys(aliases),
          ...options.map((one) => flagOf(one.path)),
        ])}`,
      );
    else set(given, option, text, `--${name}`, problems);
  }
  const complete: unknown = Value.Default(configSchema, withSections(given));
  for (const error of Value.Errors(configSchema, complete)) {
    const path = error.path.slice(1).replaceAll("/", ".") || "the configuration";
    problems.push(`${path}: ${problemOf(error, path)}`);
  }
  if (problems.length === 0 && Value.Check(configSchema, complete)) {
    problems.push(...relationProblems(complete));
    if (problems.length === 0) return complete;
  }
  const unique = [...new Set(problems)];
  throw new UsageError(
    `the configuration has ${unique.length} problem${unique.length === 1 ? "" : "s"}:\n${unique.map((one) => `  - ${one}`).join("\n")}`,
  );
}

/** Every option with its variable, flag, default and meaning. */
export function configHelp(): readonly (readonly [
  path: string,
  flag: string,
  variable: string,
  standard: string,
  description: string,
])[] {
  return options.map(({ path, schema }) => [
    path,
    `--${flagOf(path)}`,
    variableOf(path),
    JSON.stringify(schema["default"]),
    String(schema["description"] ?? ""),
  ]);
}

/** The configuration as it may be shown: no secrets. */
export function shownConfig(config: Config): Config {
  const { http, log } = config;
  const shown = (secret: string) => (secret === "" ? "" : "(set)");
  return {
    ...config,
    http: { ...http, token: shown(http.token) },
    log: {
      ...log,
      kafka: { ...log.kafka, password: shown(log.kafka.password) },
      registry: { ...log.registry, password: shown(log.registry.password) },
    },
  };
}

function flagsOf(words: readonly string[], problems: string[]): ReadonlyMap<string, string> {
  const flags = new Map<string, string>();
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (!word.startsWith("--")) {
      problems.push(`${JSON.stringify(word)}: this word belongs to nothing`);
      continue;
    }
    const [name = "", inline] = splitOnce(word.slice(2));
    const next = words[at + 1];
    if (inline !== null) flags.set(name, inline);
    else if (name.startsWith("no-")) flags.set(name.slice(3), "false");
    else if (next !== undefined && !next.startsWith("--")) flags.set(name, words[++at] ?? "");
    else flags.set(name, "true");
  }
  return flags;
}

function fileOf(
  path: string,
  wanted: boolean,
  readFile: ConfigInput["readFile"],
  problems: string[],
): Record<string, unknown> {
  const text = readFile(path);
  if (text === null) {
    if (wanted) problems.push(`${path}: there is no such file`);
    return {};
  }
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return structuredClone(value);
    problems.push(`${path}: a configuration is a JSON object`);
  } catch (error) {
    problems.push(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return {};
}

/** Puts a text where the option belongs, as what its schema says it is. */
function set(given: Record<string, unknown>, option: Option, text: string, from: string, problems: string[]): void {
  const value = parsed(option.schema, text);
  if (value === undefined) {
    problems.push(`${from}: ${JSON.stringify(text.slice(0, 60))} is not ${wantedOf(option.schema)}`);
    return;
  }
  const keys = option.path.split(".");
  let at = given;
  for (const key of keys.slice(0, -1)) {
    const next = at[key];
    const inner = isRecord(next) ? next : {};
    at[key] = inner;
    at = inner;
  }
  at[keys.at(-1) ?? ""] = value;
}

function parsed(schema: TSchema, text: string): unknown {
  if (TypeGuard.IsString(schema)) return text;
  if (TypeGuard.IsBoolean(schema)) return text === "true" ? true : text === "false" ? false : undefined;
  if (TypeGuard.IsInteger(schema)) return /^-?\d+$/.test(text.trim()) ? Number(text) : undefined;
  if (TypeGuard.IsUnion(schema)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return TypeGuard.IsArray(schema) ? text.split(",").map((one) => one.trim()) : undefined;
  }
}

function wantedOf(schema: TSchema): string {
  if (TypeGuard.IsBoolean(schema)) return "true or false";
  return TypeGuard.IsInteger(schema) ? "a whole number" : "JSON";
}

function problemOf({ type, message, schema }: ValueError, path: string): string {
  if (type === ValueErrorType.ObjectAdditionalProperties) {
    const known = [...options.map((one) => one.path), ...sections];
    return `there is no such option${nearest(path, known)}`;
  }
  if (schema["pattern"] === pathPattern.pattern)
    return 'expected a JSON pointer: "/" before each segment, "~" as ~0, "/" in a name as ~1';
  return choicesOf(schema) ?? message.toLowerCase();
}

/** What there is to choose from; null where the schema is no choice of words. */
function choicesOf(schema: TSchema): string | null {
  if (!TypeGuard.IsUnion(schema)) return null;
  const words = schema.anyOf.flatMap((one) => (TypeGuard.IsLiteral(one) ? [JSON.stringify(one.const)] : []));
  return words.length === schema.anyOf.length ? `expected one of ${words.join(", ")}` : null;
}

function optionsOf(schema: TObject, prefix: string): readonly Option[] {
  return Object.entries(schema.properties).flatMap(([key, inner]) =>
    TypeGuard.IsObject(inner) ? optionsOf(inner, `${prefix}${key}.`) : [{ path: prefix + key, schema: inner }],
  );
}

/** TypeBox fills in defaults only inside objects that are there. */
function withSections(given: Record<string, unknown>, schema: TObject = configSchema): Record<string, unknown> {
  const complete = { ...given };
  for (const [key, inner] of Object.entries(schema.properties)) {
    if (!TypeGuard.IsObject(inner)) continue;
    const section = given[key] ?? {};
    complete[key] = isRecord(section) ? withSections(section, inner) : section;
  }
  return complete;
}

function flagOf(path: string): string {
  return path.replaceAll(".", "-").replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function variableOf(path: string): string {
  return `DRIFTLINE_${flagOf(path).replaceAll("-", "_").toUpperCase()}`;
}

function aliasVariable(path: string): string | null {
  const alias = Object.entries(aliases).find(([, target]) => target === path)?.[0];
  return alias === undefined ? null : `DRIFTLINE_${alias.toUpperCase()}`;
}

function splitOnce(text: string): readonly [string, string | null] {
  const at = text.indexOf("=");
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
