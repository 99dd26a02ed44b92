/**
 * A thin client of the Confluent Schema Registry REST API, version 7 (Confluent, Apicurio, Karapace, Redpanda). Ids are immutable, so what was
 * found is kept; equal questions on their way are one request. Trouble that passes is asked again, the URLs in turn, under one deadline; any
 * other is an error at once. Throws `RegistryError`.
 */
import { type Asked, noAnswer, passes, RegistryError, refusalOf, unusable } from "./errors.ts";
import { type Answer, createExchanger } from "./exchange.ts";
import type { RegistryOptions } from "./options.ts";

export interface WriterSchema {
  /** AVRO, JSON or PROTOBUF. */
  readonly type: string;
  readonly text: string;
}
export interface LatestSchema extends WriterSchema {
  readonly id: number;
  readonly version: number;
}
export interface Verdict {
  readonly compatible: boolean;
  /** Why not, in the registry's words; empty where it does not say. */
  readonly messages: readonly string[];
}

export interface SchemaRegistry {
  /** Null: the registry has no schema with the id. */
  schema(id: number): Promise<WriterSchema | null>;
  /** The id of exactly this schema, which the subject has from now on. `schema`: parsed JSON. */
  register(subject: string, schema: unknown): Promise<number>;
  /** Null: the subject does not have exactly this schema. */
  find(subject: string, schema: unknown): Promise<number | null>;
  /** Whether the subject's newest version would let the schema follow; a subject that is not there lets any. */
  check(subject: string, schema: unknown): Promise<Verdict>;
  latest(subject: string): Promise<LatestSchema | null>;
  close(): void;
}

export interface SchemaRegistryDeps {
  readonly options: RegistryOptions;
  /** Reads a file of the configuration; throws where it cannot. */
  readonly readFile: (path: string) => string;
  /** Epoch ms. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly onLog: (level: "warn", message: string, fields: object) => void;
}

/** In the field `of` of the lines that it logs. */
export const registryLines = "schema registry";

/** Schemas kept by id: more than a cluster of Driftlines and its producers ever has. The oldest goes first. */
const schemasMax = 1_000;
const [firstWaitMs, waitMsMax] = [100, 5_000];
/** What the API says of what is not there: subject, version, schema. */
const absentCodes: readonly unknown[] = [40401, 40402, 40403];

export function createSchemaRegistry({ options, readFile, now, sleep, onLog }: SchemaRegistryDeps): SchemaRegistry {
  const file = (option: "caFile" | "certFile" | "keyFile" | "passwordFile") => {
    try {
      return options[option] === "" ? undefined : readFile(options[option]);
    } catch (error) {
      throw new Error(`log.registry.${option}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const password = file("passwordFile")?.replace(/\r?\n$/, "") ?? options.password;
  const login = Buffer.from(`${options.username}:${password}`).toString("base64");
  const exchanger = createExchanger({
    ca: file("caFile"),
    cert: file("certFile"),
    key: file("keyFile"),
    headers: options.username === "" ? {} : { authorization: `Basic ${login}` },
  });
  const places = options.url.map((url) => url.replace(/\/+$/, ""));
  const known = new Map<number, WriterSchema>();
  const asking = new Map<string, Promise<unknown>>();
  /** The URL that answered last is asked first. */
  let current = 0;

  /** The parsed answer; null where the registry says that it is not there. */
  async function askOnce(asked: Asked, body: string | null, timeoutMs: number): Promise<Readonly<Fields> | null> {
    let answer: Answer;
    try {
      answer = await exchanger.exchange(asked.method, `${asked.place}${asked.path}`, body, timeoutMs);
    } catch (error) {
      throw noAnswer(asked, error);
    }
    const { status, text } = answer;
    const fields = fieldsOf(text);
    const said = typeof fields?.["message"] === "string" ? fields["message"] : text.slice(0, 200);
    const refusal = { ...asked, status, said: password === "" ? said : said.replaceAll(password, "(password)") };
    if (status === 404 && absentCodes.includes(fields?.["error_code"])) return null;
    if (status !== 200) throw refusalOf(refusal);
    if (fields === null) throw unusable(refusal);
    return fields;
  }

  async function ask(method: Asked["method"], path: string, body: string | null): Promise<Readonly<Fields> | null> {
    const end = now() + options.deadlineMs;
    for (let round = 0; ; round++) {
      let trouble: RegistryError | null = null;
      for (const _ of places) {
        const place = places[current] ?? "";
        try {
          return await askOnce({ place, method, path }, body, Math.min(options.requestMs, end - now()));
        } catch (error) {
          if (!(error instanceof RegistryError) || !passes(error)) throw error;
          trouble = error;
          current = (current + 1) % places.length;
        }
      }
      const waitMs = Math.min(firstWaitMs * 2 ** round, waitMsMax);
      if (trouble !== null && now() + waitMs >= end) {
        const { failure, message } = trouble;
        throw new RegistryError(failure, `${message} (tries: ${round + 1}, within ${options.deadlineMs} ms)`);
      }
      onLog("warn", trouble?.message ?? "", { of: registryLines, tries: round + 1, waitMs });
      await sleep(waitMs);
    }
  }

  /** Equal questions that are on their way are one. */
  function once<T>(key: string, act: () => Promise<T>): Promise<T> {
    const found = asking.get(key);
    if (found !== undefined) return found as Promise<T>;
    const made = act().finally(() => asking.delete(key));
    asking.set(key, made);
    return made;
  }

  function lacks(path: string, fields: Readonly<Fields>): RegistryError {
    return unusable({ place: places[current] ?? "", method: "GET", path, status: 200, said: JSON.stringify(fields) });
  }

  function numberIn(fields: Readonly<Fields>, name: "id" | "version", path: string): number {
    const value = fields[name];
    if (typeof value !== "number" || !Number.isSafeInteger(value)) throw lacks(path, fields);
    return value;
  }

  function schemaIn(fields: Readonly<Fields>, path: string): WriterSchema {
    // Avro is what the API leaves out.
    const { schema: text, schemaType: type = "AVRO" }: { schema?: unknown; schemaType?: unknown } = fields;
    if (typeof text !== "string" || typeof type !== "string") throw lacks(path, fields);
    return { type, text };
  }

  function keep(id: number, schema: WriterSchema): WriterSchema {
    const [oldest] = known.keys();
    if (known.size >= schemasMax && oldest !== undefined) known.delete(oldest);
    known.set(id, schema);
    return schema;
  }

  async function idOf(path: string, schema: unknown): Promise<number | null> {
    const text = JSON.stringify(schema);
    const body = JSON.stringify({ schema: text });
    const fields = await once(`${path} ${body}`, () => ask("POST", path, body));
    if (fields === null) return null;
    const id = numberIn(fields, "id", path);
    keep(id, { type: "AVRO", text });
    return id;
  }

  return {
    async schema(id) {
      const found = known.get(id);
      if (found !== undefined) return found;
      const path = `/schemas/ids/${id}`;
      return once(path, async () => {
        const fields = await ask("GET", path, null);
        return fields === null ? null : keep(id, schemaIn(fields, path));
      });
    },
    async register(subject, schema) {
      const path = `/subjects/${encodeURIComponent(subject)}/versions`;
      const id = await idOf(path, schema);
      if (id !== null) return id;
      throw unusable({ place: places[current] ?? "", method: "POST", path, status: 404, said: "nothing is there" });
    },
    find: (subject, schema) => idOf(`/subjects/${encodeURIComponent(subject)}`, schema),
    async check(subject, schema) {
      const path = `/compatibility/subjects/${encodeURIComponent(subject)}/versions/latest?verbose=true`;
      const body = JSON.stringify({ schema: JSON.stringify(schema) });
      const fields = await ask("POST", path, body);
      if (fields === null) return { compatible: true, messages: [] };
      const { is_compatible: compatible, messages }: { is_compatible?: unknown; messages?: unknown } = fields;
      return { compatible: compatible === true, messages: Array.isArray(messages) ? messages.map(String) : [] };
    },
    async latest(subject) {
      const path = `/subjects/${encodeURIComponent(subject)}/versions/latest`;
      const fields = await ask("GET", path, null);
      if (fields === null) return null;
      const [id, version] = [numberIn(fields, "id", path), numberIn(fields, "version", path)];
      return { ...keep(id, schemaIn(fields, path)), id, version };
    },
    close: () => exchanger.close(),
  };
}

type Fields = Record<string, unknown>;

/** An object of JSON, else null. */
function fieldsOf(text: string): Readonly<Fields> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}
