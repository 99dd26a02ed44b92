/** Strict environments: which places a state may have is configured; what a state has beyond them is named. */
import type { Json } from "../../json/json.ts";
import { placesOf } from "../../json/places.ts";

/** As many as a message can name. */
const namedMax = 5;

/** Null where the state has no other place, or where nothing is configured. */
export type Strict = (environment: string, state: Json) => string | null;

export function createStrict(placesIn: (environment: string) => readonly string[] | undefined): Strict {
  const compiled = new Map<string, ReadonlySet<string> | null>();

  function allowedIn(environment: string): ReadonlySet<string> | null {
    const known = compiled.get(environment);
    if (known !== undefined) return known;
    const places = placesIn(environment);
    if (places === undefined) return null;
    const set = new Set(places);
    compiled.set(environment, set);
    return set;
  }

  return (environment, state) => {
    const allowed = allowedIn(environment);
    if (allowed === null) return null;
    const others = placesOf(state).list.filter((place) => !allowed.has(place));
    if (others.length === 0) return null;
    const more = others.length > namedMax ? ` and ${others.length - namedMax} more` : "";
    return `the state has places that track.environments does not list: ${others.slice(0, namedMax).join(", ")}${more}`;
  };
}
