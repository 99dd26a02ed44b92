/** The live view of the whole, made about once a second, and the clients that it is sent to (server-sent events). */
import type { ServerResponse } from "node:http";
import type { Log } from "../log/port.ts";
import type { LifecycleView } from "../run/lifecycle.ts";
import type { Board } from "./board.ts";
import type { LiveView } from "./views.ts";

export interface LiveDeps {
  readonly log: Pick<Log, "topics" | "lag">;
  readonly board: Board;
  readonly lifecycle: () => LifecycleView;
  readonly sample: () => boolean;
  readonly version: string;
  readonly now: () => number;
  readonly clientsMax: number;
}

export interface Live {
  /** Makes a new view and sends it to everybody. */
  refresh(): Promise<void>;
  view(): LiveView | null;
  /** False where there are too many clients already. */
  join(response: ServerResponse): boolean;
  close(): void;
}

/** Throughput is the mean over this span. */
const spanMs = 10_000;
/** A client that does not read is dropped when so much waits for it. */
const waitingBytesMax = 4_194_304;

export function createLive(deps: LiveDeps): Live {
  const startedAt = deps.now();
  const clients = new Set<ServerResponse>();
  let history: { readonly at: number; readonly interactions: number; readonly transitions: number }[] = [];
  let newest: LiveView | null = null;
  let message = "";

  async function make(): Promise<LiveView> {
    const at = deps.now();
    const ends = new Map(
      (await deps.log.topics()).map((topic) => [topic.name, topic.partitions.reduce((sum, { end }) => sum + end, 0)]),
    );
    const total = (topic: string) => ends.get(topic) ?? 0;
    history = [
      ...history.filter((one) => at - one.at <= spanMs),
      { at, interactions: total("interactions"), transitions: total("transitions") },
    ];
    const { ready, phase, tasks } = deps.lifecycle();
    const catching = tasks.filter((task) => task.state === "catching-up");
    return {
      at,
      version: deps.version,
      startedAt,
      ready,
      phase,
      catchUp:
        catching.length === 0
          ? null
          : {
              done: catching.reduce((sum, task) => sum + task.done, 0),
              total: catching.reduce((sum, task) => sum + task.total, 0),
            },
      sample: deps.sample(),
      perSecond: { interactions: rate("interactions"), transitions: rate("transitions") },
      totals: {
        interactions: total("interactions"),
        transitions: total("transitions"),
        scores: total("scores"),
        outcomes: total("outcomes"),
        deadLetters: total("dead-letters"),
      },
      lag: await deps.log.lag(),
      deadLetters: deps.board.deadLetterCounts(),
      environments: deps.board.environments(at),
    };
  }

  function rate(which: "interactions" | "transitions"): number {
    const [first, last] = [history[0], history.at(-1)];
    if (first === undefined || last === undefined || last.at === first.at) return 0;
    return ((last[which] - first[which]) * 1000) / (last.at - first.at);
  }

  function send(client: ServerResponse): void {
    if (client.writableLength > waitingBytesMax) client.destroy();
    else client.write(message);
  }

  return {
    async refresh() {
      await deps.board.refresh();
      newest = await make();
      message = `event: live\ndata: ${JSON.stringify(newest)}\n\n`;
      for (const client of clients) send(client);
    },
    view: () => newest,
    join(response) {
      if (clients.size >= deps.clientsMax) return false;
      clients.add(response);
      response.on("close", () => clients.delete(response));
      response.writeHead(200, {
        "content-type": "text/event-stream",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      });
      response.write("retry: 2000\n\n");
      if (message !== "") send(response);
      return true;
    },
    close() {
      for (const client of clients) client.end();
      clients.clear();
    },
  };
}
