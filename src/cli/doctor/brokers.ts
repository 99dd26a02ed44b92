/** Whether every broker of the cluster answers, and speaks the requests that Driftline speaks. */
import type { KafkaAccess } from "../../log/kafka/access.ts";
import { type ApiName, apiKeys, requests } from "../../log/kafka/kafkajs.ts";
import { bad, type Check, ok } from "./check.ts";

interface Versions {
  readonly apiVersions: readonly {
    readonly apiKey: number;
    readonly minVersion: number;
    readonly maxVersion: number;
  }[];
}

/** Requests in our own words, or whose answers we read ourselves, have one version; of others kafkajs takes the highest that both speak. */
const exactly: Partial<Record<ApiName, number>> = { Fetch: 11, IncrementalAlterConfigs: 0, OffsetFetch: 7 };

function isSpoken(name: ApiName, { minVersion, maxVersion }: Versions["apiVersions"][number]): boolean {
  const version = exactly[name] ?? Math.min(maxVersion, Math.max(...requests[name].versions.map(Number)));
  return minVersion <= version && version <= maxVersion;
}

const needed: readonly ApiName[] = [
  "Produce",
  "Fetch",
  "ListOffsets",
  "Metadata",
  "GroupCoordinator",
  "JoinGroup",
  "SyncGroup",
  "Heartbeat",
  "LeaveGroup",
  "OffsetCommit",
  "OffsetFetch",
  "EndTxn",
  "DescribeConfigs",
  "DescribeGroups",
  "CreateTopics",
  "IncrementalAlterConfigs",
];

export async function checkBrokers({ admin, brokers }: KafkaAccess): Promise<readonly Check[]> {
  const all = await admin.brokers();
  return Promise.all(
    all.map(async ({ nodeId, host, port }): Promise<Check> => {
      const check = `broker ${nodeId} (${host}:${port})`;
      try {
        const { apiVersions } = await brokers.askOnce<Versions>(nodeId, { api: "ApiVersions", parameters: {} });
        const lacking = needed.filter((name) => {
          const found = apiVersions.find(({ apiKey }) => apiKey === apiKeys[name]);
          return found === undefined || !isSpoken(name, found);
        });
        if (lacking.length === 0) return ok(check, `answers, and speaks all ${needed.length} kinds of requests`);
        return bad(check, `does not speak our versions of ${lacking.join(", ")}`, "use Kafka 2.5 or later");
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        return bad(check, `does not answer: ${why}`, "start it, or let this machine reach its advertised.listeners");
      }
    }),
  );
}
