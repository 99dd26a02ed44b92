/**
 * Command-line arguments: a command takes the flags it names, everything else is left for the configuration, so that every option can be
 * given to every command (`driftline topics count --data-dir /srv/driftline`).
 */
export type FlagKind = "boolean" | "string" | "number" | "list";
export interface FlagSpec {
  readonly [name: string]: { readonly kind: FlagKind; readonly help: string; readonly placeholder?: string };
}

export interface Taken {
  readonly positionals: readonly string[];
  /** Flags that the command did not name, as given. */
  readonly rest: readonly string[];
  boolean(name: string): boolean;
  string(name: string): string | null;
  number(name: string): number | null;
  /** A whole number from 1. */
  count(name: string): number | null;
  /** A list flag takes all words up to the next flag and may be repeated: `--train a b --test c`. */
  list(name: string): readonly string[];
}

export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Throws `UsageError` where a flag of the command lacks its value or has a wrong one. */
export function takeFlags(argv: readonly string[], spec: FlagSpec): Taken {
  const values = new Map<string, string[]>();
  const positionals: string[] = [];
  const rest: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? "";
    if (word === "--") {
      positionals.push(...argv.slice(at + 1));
      break;
    }
    if (!word.startsWith("--")) {
      positionals.push(word);
      continue;
    }
    const [name = "", inline] = splitOnce(word.slice(2));
    const flag = spec[name];
    if (flag === undefined) {
      rest.push(word);
      const next = argv[at + 1];
      if (inline === null && next !== undefined && !next.startsWith("--") && !isSwitch(name))
        rest.push(argv[++at] ?? "");
      continue;
    }
    const given = values.get(name) ?? [];
    values.set(name, given);
    if (flag.kind === "boolean") {
      given.push(inline ?? "true");
    } else if (inline !== null) {
      given.push(inline);
    } else {
      const words = wordsAfter(argv, at, flag.kind === "list");
      if (words.length === 0) throw new UsageError(`--${name} needs a value: --${name} ${flag.placeholder ?? "VALUE"}`);
      given.push(...words);
      at += words.length;
    }
  }
  return {
    positionals,
    rest,
    boolean: (name) => booleanOf(name, values.get(name)?.at(-1)),
    string: (name) => values.get(name)?.at(-1) ?? null,
    number: (name) => numberOf(name, values.get(name)?.at(-1)),
    count: (name) => countOf(name, values.get(name)?.at(-1)),
    list: (name) => values.get(name) ?? [],
  };
}

/** One line per flag, for `--help`. */
export function flagHelp(spec: FlagSpec): readonly string[] {
  const lines = Object.entries(spec).map(([name, flag]) => {
    const value = flag.kind === "boolean" ? "" : ` ${flag.placeholder ?? "VALUE"}${flag.kind === "list" ? "…" : ""}`;
    return [`  --${name}${value}`, flag.help] as const;
  });
  const width = Math.max(0, ...lines.map(([left]) => left.length)) + 2;
  return lines.map(([left, right]) => `${left.padEnd(width)}${right}`);
}

/** Configuration flags without a value, so that a file name after them stays a file name. */
function isSwitch(name: string): boolean {
  return name.startsWith("no-") || name === "help";
}

function splitOnce(text: string): readonly [string, string | null] {
  const at = text.indexOf("=");
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}

function wordsAfter(argv: readonly string[], at: number, many: boolean): readonly string[] {
  const words: string[] = [];
  for (let next = at + 1; next < argv.length; next++) {
    const word = argv[next] ?? "";
    if (word.startsWith("--")) break;
    words.push(word);
    if (!many) break;
  }
  return words;
}

function booleanOf(name: string, text: string | undefined): boolean {
  if (text === undefined || text === "false") return false;
  if (text === "true") return true;
  throw new UsageError(`--${name} is a switch: write --${name}, not --${name}=${text}`);
}

function numberOf(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value))
    throw new UsageError(`--${name} needs a number, not ${JSON.stringify(text)}`);
  return value;
}

function countOf(name: string, text: string | undefined): number | null {
  const value = numberOf(name, text);
  if (value !== null && (!Number.isSafeInteger(value) || value < 1))
    throw new UsageError(`--${name} takes a whole number from 1, not ${value}`);
  return value;
}
