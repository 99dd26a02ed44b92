/** A TCP proxy on loopback whose connections suffer on demand: late, slow, cut, swallowed. Bytes stay in order, as in TCP. */
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface Weather {
  /** Added to every chunk in each direction, ms. */
  readonly latencyMs: number;
  /** Per connection and direction; 0: unlimited. */
  readonly bytesPerSecond: number;
  /** Connections are accepted and stay open, nothing passes; what was sent is passed on once healed. */
  readonly blackHole: boolean;
  /** New connections are reset. */
  readonly refuse: boolean;
}

export interface TcpProxy {
  readonly port: number;
  /** `127.0.0.1:PORT` */
  readonly address: string;
  set(weather: Partial<Weather>): void;
  /** Resets every open connection (RST); new ones are accepted unless `refuse` is set. Returns how many. */
  cut(): number;
  /** Back to fair weather; what was held back goes on. */
  heal(): void;
  connections(): number;
  close(): Promise<void>;
}

const fair: Weather = { latencyMs: 0, bytesPerSecond: 0, blackHole: false, refuse: false };
const pollMs = 20;
/** Read but not yet passed on: beyond this the sender's own TCP window holds it back. */
const heldBytesMax = 1 << 20;

/** `target` is asked at each connection, as brokers come back on ports of their own. */
export async function startTcpProxy(target: () => { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  let weather = fair;
  const pairs = new Set<readonly [Socket, Socket]>();
  const server = createServer((inner) => {
    if (weather.refuse) {
      inner.on("error", () => {});
      inner.resetAndDestroy();
      return;
    }
    const outer = connect(target());
    const pair = [inner, outer] as const;
    pairs.add(pair);
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      from.setNoDelay(true);
      passOn(from, to, () => weather);
      // A broker that is gone is a reset, as it would be without a proxy.
      from.on("error", () => to.resetAndDestroy());
      from.on("close", () => {
        pairs.delete(pair);
        if (!to.destroyed && from.destroyed && !from.readableEnded) to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  function cut(): number {
    const count = pairs.size;
    for (const pair of pairs) for (const socket of pair) socket.resetAndDestroy();
    pairs.clear();
    return count;
  }
  return {
    port,
    address: `127.0.0.1:${port}`,
    set(some) {
      weather = { ...weather, ...some };
    },
    cut,
    heal() {
      weather = fair;
    },
    connections: () => pairs.size,
    close() {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Chunks in order, each not before its time. */
function passOn(from: Socket, to: Socket, weather: () => Weather): void {
  const queue: { readonly chunk: Buffer | null; readonly at: number }[] = [];
  let held = 0;
  let freeAt = 0;
  let timer: NodeJS.Timeout | null = null;
  function flush(): void {
    timer = null;
    for (;;) {
      const [next] = queue;
      if (next === undefined || to.destroyed) return;
      const now = Date.now();
      const { latencyMs, bytesPerSecond, blackHole } = weather();
      const onTheWayMs = bytesPerSecond > 0 ? ((next.chunk?.length ?? 0) * 1_000) / bytesPerSecond : 0;
      const due = Math.max(next.at + latencyMs, freeAt) + onTheWayMs;
      if (blackHole || now < due) {
        timer = setTimeout(flush, blackHole ? pollMs : Math.min(pollMs, due - now));
        return;
      }
      queue.shift();
      if (next.chunk === null) {
        to.end();
        return;
      }
      held -= next.chunk.length;
      freeAt = due;
      to.write(next.chunk);
      if (held < heldBytesMax) from.resume();
    }
  }
  function take(chunk: Buffer | null): void {
    queue.push({ chunk, at: Date.now() });
    held += chunk?.length ?? 0;
    if (held >= heldBytesMax) from.pause();
    if (timer === null) flush();
  }
  from.on("data", (chunk: Buffer) => take(chunk));
  from.on("end", () => take(null));
  from.on("close", () => {
    if (timer !== null && !from.readableEnded) clearTimeout(timer);
  });
}
