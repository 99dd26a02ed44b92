/** Which schema registry the log's Avro is framed with, and how to log in to it. Without a URL there is none. */
import { type Static, Type } from "@sinclair/typebox";

export const registryOptionsSchema = Type.Object(
  {
    url: Type.Array(Type.String({ pattern: "^https?://[^/?#\\s]" }), {
      default: [],
      description:
        "A schema registry with the Confluent REST API: http(s)://host:port[/path], several with commas between. Empty: none.",
    }),
    username: Type.String({ default: "", description: "Name to log in to the registry with (HTTP basic)." }),
    password: Type.String({ default: "", description: "Password to log in with; better a passwordFile." }),
    passwordFile: Type.String({ default: "", description: "File that holds the password, as secrets are mounted." }),
    caFile: Type.String({ default: "", description: "PEM file of the authorities to trust (default: the system's)." }),
    certFile: Type.String({
      default: "",
      description: "PEM file of the client's certificate, where the registry asks for one.",
    }),
    keyFile: Type.String({ default: "", description: "PEM file of the client's key." }),
    register: Type.Boolean({
      default: true,
      description: "Register the schemas that this version writes. false: they must be there.",
    }),
    requestMs: Type.Integer({
      default: 10_000,
      minimum: 100,
      maximum: 60_000,
      description: "How long the registry may take to answer before the next URL is tried.",
    }),
    deadlineMs: Type.Integer({
      default: 30_000,
      minimum: 100,
      maximum: 600_000,
      description: "How long a registry in trouble is asked again before the process stops.",
    }),
  },
  { additionalProperties: false },
);
export type RegistryOptions = Static<typeof registryOptionsSchema>;

/** What no schema says of single options. A URL is never repeated: it may hold what should not be shown. */
export function registryProblems(registry: RegistryOptions, adapter: "embedded" | "kafka"): readonly string[] {
  const { username, password, passwordFile } = registry;
  if (registry.url.length === 0) return [];
  const shown = registry.url.flatMap((url, at) =>
    urlProblem(url, username !== "").map((problem) => `log.registry.url.${at}: ${problem}`),
  );
  if (adapter === "embedded") {
    shown.push("log.registry.url: a registry is for other readers of your Kafka: it needs --log kafka");
  }
  if (username === "" ? password !== "" || passwordFile !== "" : (password === "") === (passwordFile === "")) {
    shown.push("log.registry.username: a login needs a username and either a password or a passwordFile");
  }
  if ((registry.certFile === "") !== (registry.keyFile === "")) {
    shown.push("log.registry.certFile and log.registry.keyFile belong together");
  }
  const files = [registry.caFile, registry.certFile].some((file) => file !== "");
  if (files && !registry.url.some((url) => url.startsWith("https:"))) {
    shown.push("log.registry.caFile and log.registry.certFile need a URL with https");
  }
  if (registry.deadlineMs < registry.requestMs) {
    shown.push("log.registry.deadlineMs: must be no less than log.registry.requestMs");
  }
  return shown;
}

function urlProblem(text: string, login: boolean): readonly string[] {
  if (!URL.canParse(text)) return ["not a URL"];
  const { username, password, search, hash, protocol, hostname } = new URL(text);
  if (username !== "" || password !== "") {
    return ["a login in the URL would be logged: set log.registry.username and log.registry.passwordFile"];
  }
  if (search !== "" || hash !== "") return ["ends with the path: no ? and no #"];
  if (login && protocol === "http:" && !/^(localhost|127\.[0-9.]+|\[::1\])$/.test(hostname)) {
    return ["http sends the password as it is: use https"];
  }
  return [];
}
