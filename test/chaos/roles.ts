/** Who runs what: every mix of sub-topologies, static and dynamic members, one with threads of its own. */
import type { Role } from "./worker.ts";

export const allRoles: readonly Role[] = [
  { name: "track", only: "track", flags: ["--log-kafka-instance-id", "track", "--run-track-threads", "0"] },
  { name: "threads", only: "track", flags: ["--run-track-threads", "2"] },
  { name: "behind", only: "learn,monitor,predict-remote", flags: ["--log-kafka-instance-id", "behind"] },
  { name: "all", only: "", flags: [] },
  { name: "serve", only: "serve", flags: [] },
];
/** Two processes of which one must go on, and one that serves. */
export const fewRoles: readonly Role[] = [
  { name: "track", only: "track", flags: [] },
  { name: "behind", only: "learn,monitor", flags: ["--log-kafka-instance-id", "behind"] },
  { name: "all", only: "", flags: [] },
];
export const cleanRoles: readonly Role[] = [{ name: "clean", only: "", flags: [] }];
