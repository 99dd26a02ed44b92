/** How each list is written: counted over all that were seen. */
import { type Listing, type OrderName, obeys, orderNames, plainListing } from "../listing.ts";
import { listKey } from "../structure.ts";
import type { StudiedEpisode, Walk } from "./episode.ts";

const shareMin = 0.9;

interface Counts {
  seen: number;
  readonly orders: Map<OrderName, number>;
  readonly joins: Map<string, number>;
}

export function* listingsOf(episodes: readonly StudiedEpisode[]): Walk<ReadonlyMap<string, Listing>> {
  const counts = new Map<string, Counts>();
  for (const { steps } of episodes) {
    for (const { text } of steps) {
      for (const [at, values] of text.lists.entries()) {
        if (values.length < 2) continue;
        const key = listKey(text.template, at);
        const own = counts.get(key) ?? { seen: 0, orders: new Map(), joins: new Map() };
        counts.set(key, own);
        own.seen += 1;
        for (const order of orderNames)
          if (obeys(values, order)) own.orders.set(order, (own.orders.get(order) ?? 0) + 1);
        const join = text.joins[at] ?? "";
        own.joins.set(join, (own.joins.get(join) ?? 0) + 1);
      }
    }
    yield steps.length;
  }
  return new Map([...counts].map(([key, own]) => [key, listingOf(own)]));
}

function listingOf({ seen, orders, joins }: Counts): Listing {
  const order = orderNames.find((name) => (orders.get(name) ?? 0) > shareMin * seen) ?? plainListing.order;
  const join = [...joins].reduce((best, one) => (one[1] > best[1] ? one : best), [plainListing.join, 0]);
  return { order, join: join[0] };
}
