/** Paths of leaves without what is data in them: `/orders/#W1/items[3]/price` is `/orders/…/items/…/price` with `*` for each `…`. */
import { isDataKey } from "../../json/shape/forms.ts";

/** A prediction that is wrong in many places is wrong as a whole: the first ones say enough. */
const pathsMax = 8;
const charsMax = 120;
/** Of a hundred thousand elements that are all wrong, nobody needs to see that the last ones are too. */
const lookedAtMax = 1_024;

/** Distinct, in order, at most eight, of the first thousand. */
export function liftedPaths(paths: Iterable<string>): readonly string[] {
  const lifted = new Set<string>();
  let looked = 0;
  for (const path of paths) {
    if (lifted.size >= pathsMax || looked++ >= lookedAtMax) break;
    lifted.add(liftedPath(path));
  }
  return [...lifted];
}

export function liftedPath(path: string): string {
  const known = cache.get(path);
  if (known !== undefined) return known;
  const lifted = path
    .replace(/\[[^\]]*\](?:#\d+)?/g, "/*")
    .split("/")
    .map((segment) => (isDataKey(segment) ? "*" : segment))
    .join("/")
    .slice(0, charsMax)
    .toWellFormed();
  if (cache.size >= cacheMax) cache.clear();
  cache.set(path, lifted);
  return lifted;
}

/** The same paths come again and again. */
const cache = new Map<string, string>();
const cacheMax = 4_096;
