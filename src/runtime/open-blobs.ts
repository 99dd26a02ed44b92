/** The blobs that the configuration names: a folder of this machine, or the log with a folder of this machine before it. */
import { join } from "node:path";
import { openBlobCache } from "../blobs/cache.ts";
import { openFolderBlobs, removeTemporaries } from "../blobs/folder.ts";
import type { Blobs } from "../blobs/port.ts";
import { openTopicBlobs } from "../blobs/topic.ts";
import type { Config } from "../config.ts";
import type { Log } from "../log/port.ts";

type BlobsConfig = Pick<Config, "dataDir" | "blobs" | "log">;

function isInLog({ blobs, log }: BlobsConfig): boolean {
  return blobs.kind === "topic" || (blobs.kind === "auto" && log.adapter === "kafka");
}

function folderOf(config: BlobsConfig): string {
  return join(config.dataDir, isInLog(config) ? "blob-cache" : "blobs");
}

/** `now`: epoch ms. */
export async function openBlobs(config: BlobsConfig, log: Log, now: () => number): Promise<Blobs> {
  const folder = await openFolderBlobs(folderOf(config));
  return isInLog(config) ? openBlobCache(openTopicBlobs(log, now), folder, config.blobs.cacheBytes) : folder;
}

/** What a process that died left half written. Once at the start of the process that has the data folder. */
export function tidyBlobs(config: BlobsConfig): Promise<void> {
  return removeTemporaries(folderOf(config));
}
