/** Options of the HTTP server. */
import { type Static, Type } from "@sinclair/typebox";

export const httpOptionsSchema = Type.Object(
  {
    host: Type.String({
      default: "127.0.0.1",
      minLength: 1,
      description: "Address to listen on. Anything but loopback requires a token.",
    }),
    port: Type.Integer({ default: 7420, minimum: 0, maximum: 65_535, description: "Port to listen on; 0 takes any." }),
    token: Type.String({
      default: "",
      maxLength: 512,
      description:
        "Required of every request but /healthz and /readyz: `Authorization: Bearer TOKEN`, or as the password of HTTP Basic.",
    }),
    liveClientsMax: Type.Integer({
      default: 100,
      minimum: 1,
      description: "Live connections of the page at one time (503 beyond).",
    }),
    connectionsMax: Type.Integer({ default: 1_000, minimum: 1, description: "TCP connections at one time." }),
  },
  { additionalProperties: false },
);
export type HttpOptions = Static<typeof httpOptionsSchema>;

const loopback = new Set(["127.0.0.1", "::1", "localhost"]);
export function isLoopback(host: string): boolean {
  return loopback.has(host) || /^127\.\d+\.\d+\.\d+$/.test(host);
}
