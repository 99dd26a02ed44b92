/**
 * The versions of one predictor that are loaded: its own for as long as it is open, and a few of those that situations name, the least recently
 * used of which goes. One that is in use stays until it is free.
 */
import type { ModelVersion } from "../tuning.ts";

export interface Held<Loaded> {
  readonly loaded: Loaded;
  /** It was used. */
  release(): void;
}

export interface LoadedVersions<Loaded> {
  /** Null where the version cannot be had. Rejects where that cannot be known now. */
  take(model: ModelVersion): Promise<Held<Loaded> | null>;
  /** Loaded now. */
  size(): number;
  close(): void;
}

/** A live one, a pinned one, and those that they are about to become, for two environments; each is some megabytes. */
const versionsMax = 8;

interface Entry<Loaded> {
  readonly loading: Promise<Loaded | null>;
  loaded: Loaded | null;
  uses: number;
  gone: boolean;
}

/** `load`: null where the bytes are gone or are no such model. */
export function createLoadedVersions<Loaded extends { close(): void }>(
  load: (model: ModelVersion) => Promise<Loaded | null>,
  max = versionsMax,
): LoadedVersions<Loaded> {
  /** Least recently used first. */
  const entries = new Map<string, Entry<Loaded>>();

  function begin(model: ModelVersion): Entry<Loaded> {
    const entry: Entry<Loaded> = { loading: load(model), loaded: null, uses: 0, gone: false };
    entry.loading.then(
      (loaded) => {
        entry.loaded = loaded;
        // What cannot be had is asked for again the next time: it may have come back.
        if (loaded === null) forget(model.version, entry);
      },
      () => forget(model.version, entry),
    );
    return entry;
  }

  function forget(version: string, entry: Entry<Loaded>): void {
    if (entries.get(version) === entry) entries.delete(version);
    if (!entry.gone && entry.uses === 0) entry.loaded?.close();
    entry.gone = true;
  }

  return {
    async take(model) {
      const { version } = model;
      const entry = entries.get(version) ?? begin(model);
      entries.delete(version);
      entries.set(version, entry);
      entry.uses += 1;
      for (const [oldest, its] of entries) {
        if (entries.size <= max) break;
        forget(oldest, its);
      }
      const release = () => {
        entry.uses -= 1;
        if (entry.gone && entry.uses === 0) entry.loaded?.close();
      };
      try {
        const loaded = await entry.loading;
        if (loaded !== null) return { loaded, release };
      } catch (error) {
        entry.uses -= 1;
        throw error;
      }
      entry.uses -= 1;
      return null;
    },
    size: () => entries.size,
    close() {
      for (const [version, entry] of [...entries]) forget(version, entry);
    },
  };
}
