/** Which of the topics that were written to is refused: a broker that refuses one of several does not say which. */
import type { Brokers } from "./brokers.ts";
import { codes, isRefused, Refused } from "./errors.ts";
import { emptyProduce } from "./own-requests.ts";
import type { PlacedRecord } from "./produce.ts";

/** Names on the cluster of the topics to which this user may not write. Writes nothing. */
export async function refusedWrites(
  brokers: Pick<Brokers, "askController">,
  topics: readonly string[],
): Promise<readonly string[]> {
  const ask = { api: "Produce", parameters: { topics }, definition: emptyProduce } as const;
  const answers: readonly { readonly topic: string; readonly code: number }[] = await brokers.askController(ask);
  return answers.filter(({ code }) => code === codes.topicAuthorizationFailed).map(({ topic }) => topic);
}

/** The error itself where it is no refusal, or where nobody can say which topic it was. */
export async function nameRefusal(
  brokers: Pick<Brokers, "askController">,
  error: unknown,
  records: readonly PlacedRecord[],
): Promise<unknown> {
  if (!isRefused(error)) return error;
  const topics = [...new Set(records.map(({ topic }) => topic))];
  const refused = await refusedWrites(brokers, topics).catch(() => []);
  if (refused.length === 0) return error;
  return new Refused("write", `topic${refused.length === 1 ? "" : "s"} ${refused.join(", ")}`);
}
