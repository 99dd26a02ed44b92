/** What a registry can refuse or fail at, in words that say how to mend it. Texts of the registry are shown shortened, and never a secret. */
export type RegistryFailure =
  /** No answer: refused, timed out, no such host. Passes; asked again until the deadline. */
  | "unreachable"
  /** 5xx, 408, 429. Passes; asked again until the deadline. */
  | "failing"
  | "certificate"
  /** 401, 403. */
  | "login"
  /** 409: the subject's compatibility rule forbids the schema. */
  | "incompatible"
  /** 422: not a schema to the registry. */
  | "invalid"
  /** The subject lacks the schema, and it is not to be registered from here. */
  | "missing"
  /** Not what the Confluent API says: not JSON, too large, another status. */
  | "unusable";

export class RegistryError extends Error {
  override readonly name = "RegistryError";
  readonly failure: RegistryFailure;
  constructor(failure: RegistryFailure, message: string) {
    super(message);
    this.failure = failure;
  }
}

export interface Asked {
  /** Of the registry, without login. */
  readonly place: string;
  readonly method: "GET" | "POST";
  readonly path: string;
}
export interface Refusal extends Asked {
  readonly status: number;
  /** The registry's own message, else what is known of the answer. */
  readonly said: string;
}

const textMax = 2_000;
const certificateCodes =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_|ERR_TLS_CERT_ALTNAME_INVALID)/;

/** `error`: what node says of an exchange without an answer. */
export function noAnswer({ place, method, path }: Asked, error: unknown): RegistryError {
  const { code, message } = codeOf(error);
  if (certificateCodes.test(code)) {
    return new RegistryError(
      "certificate",
      `the certificate of the schema registry at ${place} is not trusted (${code}): name its authority in log.registry.caFile, and a host of the certificate in log.registry.url`,
    );
  }
  if (code === "EPROTO") {
    return new RegistryError(
      "certificate",
      `the schema registry at ${place} does not take TLS as it is offered (${printable(message)}): is it http, or does it want log.registry.certFile?`,
    );
  }
  return new RegistryError(
    "unreachable",
    `the schema registry at ${place} does not answer ${method} ${path} (${code === "" ? printable(message) : code}): start it, or mend log.registry.url`,
  );
}

/** An answer that is neither what was asked for nor "not there". */
export function refusalOf(refusal: Refusal): RegistryError {
  const { place, method, path, status, said } = refusal;
  const what = `the schema registry at ${place}`;
  const text = printable(said);
  switch (status) {
    case 401:
      return new RegistryError(
        "login",
        `${what} refuses the login (401, ${text}): mend log.registry.username and log.registry.passwordFile`,
      );
    case 403:
      return new RegistryError(
        "login",
        `${what} does not allow ${method} ${path} (403, ${text}): give log.registry.username that right${
          method === "POST" ? ", or register the schemas beforehand and set log.registry.register to false" : ""
        }`,
      );
    case 409:
      return new RegistryError(
        "incompatible",
        `${what} refuses a schema as incompatible with what its subject holds (${path}: ${text}): run the version of Driftline that registered it last, take other topics (log.kafka.prefix), or mend the subject in the registry`,
      );
    case 422:
      return new RegistryError(
        "invalid",
        `${what} refuses a schema as invalid (422, ${path}: ${text}): it must take Avro`,
      );
    case 408:
    case 429:
      return failing(refusal, text);
    default:
      return status >= 500 ? failing(refusal, text) : unusable(refusal);
  }
}

export function passes({ failure }: RegistryError): boolean {
  return failure === "unreachable" || failure === "failing";
}

/** An answer that the Confluent API does not have. */
export function unusable({ place, method, path, status, said }: Refusal): RegistryError {
  return new RegistryError(
    "unusable",
    `what ${place} answers to ${method} ${path} is not of a schema registry (${status}, ${printable(said)}): log.registry.url names the root of the Confluent API (Apicurio: …/apis/ccompat/v7)`,
  );
}

function failing({ place, method, path, status }: Refusal, text: string): RegistryError {
  return new RegistryError(
    "failing",
    `the schema registry at ${place} answers ${status} to ${method} ${path} (${text}): see its log`,
  );
}

function codeOf(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { code: "", message: String(error) };
  const code = "code" in error ? error.code : undefined;
  // Where a name has several addresses, each failed on its own.
  const [first]: readonly unknown[] = error instanceof AggregateError ? error.errors : [];
  if (first !== undefined && code === undefined) return codeOf(first);
  return { code: typeof code === "string" ? code : "", message: error.message };
}

/** One line, bounded, without control characters. */
function printable(text: string): string {
  const line = text
    .replace(/[\p{Cc}\s]+/gu, " ")
    .replace(/[.\s]+$/, "")
    .trim();
  return line.length > textMax ? `${line.slice(0, textMax)}…` : line;
}
