/** Whether everything has been learnt: from then on no other version comes by itself. */
import type { LiveView, ModelsView } from "../../src/serve/views.ts";

/** Nothing is behind, and the newest version of text-edits has learnt every transition. `get`: the body of a path of the server. */
export async function isLearnt(environment: string, get: (path: string) => Promise<string>): Promise<boolean> {
  const { lag = [], environments = [] } = JSON.parse(await get("/api/status")) as Partial<LiveView>;
  const { models } = JSON.parse(await get("/api/models")) as { models: readonly ModelsView[] };
  const all = environments.find((one) => one.environment === environment)?.windows.at(-1)?.transitions ?? 0;
  const its = models.find((one) => one.environment === environment && one.predictor === "text-edits");
  return lag.every(({ records }) => records === 0) && all > 100 && its?.versions.at(-1)?.transitions === all;
}
