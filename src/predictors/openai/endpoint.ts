/** Where requests go and with which key. The key is read once, from the environment or a file, and appears in no text of ours. */
import { readFileSync } from "node:fs";
import type { OpenaiOptions, Settings } from "./options.ts";

export interface Endpoint {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** For people: without path, query or key. */
  readonly shown: string;
  /** The text without the key, should somebody have put it there. */
  redact(text: string): string;
}

/** Throws, naming the option, where the address is not allowed or the key is missing. */
export function endpointOf(
  options: Pick<OpenaiOptions, "allowPlainHttp" | "keyFile" | "keyVariable">,
  { url, keyVariable }: Pick<Settings, "url" | "keyVariable">,
  env: Readonly<Record<string, string | undefined>>,
): Endpoint {
  const root = rootOf(url);
  const isLocal = isLoopback(root.hostname);
  if (root.protocol === "http:" && !isLocal && !options.allowPlainHttp) {
    throw new Error(`url ${root.origin} is http to another machine: use https, or say allowPlainHttp`);
  }
  const key = keyOf(options, keyVariable, env);
  if (key === null && (options.keyVariable !== null || (root.protocol === "https:" && !isLocal))) {
    throw new Error(`the environment variable ${keyVariable} holds no key: set it, or name a file with keyFile`);
  }
  const headers = { "content-type": "application/json", accept: "application/json" };
  const path = root.pathname.replace(/\/+$/, "");
  return {
    url: `${root.origin}${path.endsWith("/chat/completions") ? path : `${path}/chat/completions`}${root.search}`,
    headers: key === null ? headers : { ...headers, authorization: `Bearer ${key}` },
    shown: root.origin,
    redact: (text) => (key === null ? text : text.replaceAll(key, "[key]")),
  };
}

function rootOf(url: string): URL {
  if (!URL.canParse(url)) throw new Error("url is not an address: write https://HOST/v1");
  const root = new URL(url);
  if (root.protocol !== "https:" && root.protocol !== "http:") throw new Error("url begins with https:// or http://");
  if (root.username !== "" || root.password !== "")
    throw new Error("url holds a user or password: the key belongs into an environment variable or a file");
  return root;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

function keyOf(
  { keyFile }: Pick<OpenaiOptions, "keyFile">,
  keyVariable: string,
  env: Readonly<Record<string, string | undefined>>,
): string | null {
  const key = keyFile === null ? env[keyVariable]?.trim() : readKey(keyFile);
  if (key === undefined || key === "") return null;
  // A header cannot carry anything else; an error of the HTTP client would quote it.
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new Error(`${keyFile ?? keyVariable} does not hold a key: it has spaces or other signs`);
  return key;
}

function readKey(file: string): string {
  try {
    const key = readFileSync(file, "utf8").trim();
    if (key !== "") return key;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw new Error(`keyFile ${file} cannot be read: ${code}`);
  }
  throw new Error(`keyFile ${file} is empty`);
}
