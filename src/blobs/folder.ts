/** Blobs as files, named by their SHA-256, durable before they are named: written aside, synced, renamed, the folder synced. */
import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { sha256Hex } from "../json/hash.ts";
import { BlobDamaged, type Blobs } from "./port.ts";

const hashPattern = /^[0-9a-f]{64}$/;
const temporaryPattern = /\.tmp$/;

/** What a process that died left half written. Only for who owns the folder alone, before anybody else opens it. */
export async function removeTemporaries(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  for (const name of await namesIn(dir)) {
    for (const file of await namesIn(join(dir, name)))
      if (temporaryPattern.test(file)) await rm(join(dir, name, file), { force: true });
  }
}

export async function openFolderBlobs(dir: string): Promise<Blobs> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const folderOf = (hash: string) => join(dir, hash.slice(0, 2));
  const fileOf = (hash: string) => {
    if (!hashPattern.test(hash)) throw new Error(`${JSON.stringify(hash.slice(0, 80))} is no SHA-256`);
    return join(folderOf(hash), hash);
  };

  return {
    async put(bytes) {
      const hash = sha256Hex(bytes);
      // A file that was damaged is written anew: else no later version that shares the blob could be read.
      const there = await readFile(fileOf(hash)).catch(unlessMissing);
      if (there?.equals(bytes)) return hash;
      await mkdir(folderOf(hash), { recursive: true, mode: 0o700 });
      const temporary = join(folderOf(hash), `${randomBytes(8).toString("hex")}.tmp`);
      const file = await open(temporary, "wx", 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, fileOf(hash));
      await syncFolder(folderOf(hash));
      return hash;
    },
    async get(hash) {
      const bytes = await readFile(fileOf(hash)).catch(unlessMissing);
      if (bytes !== null && sha256Hex(bytes) !== hash) throw new BlobDamaged(hash, "its bytes have another hash");
      return bytes;
    },
    delete: (hash) => rm(fileOf(hash), { force: true }),
    async list() {
      const found: { hash: string; bytes: number; modifiedAt: number }[] = [];
      for (const folder of await namesIn(dir)) {
        for (const hash of await namesIn(join(dir, folder))) {
          if (!hashPattern.test(hash)) continue;
          const info = await stat(join(dir, folder, hash)).catch(unlessMissing);
          if (info !== null) found.push({ hash, bytes: info.size, modifiedAt: info.mtimeMs });
        }
      }
      return found;
    },
  };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: unknown) => (isCode(error, "ENOTDIR") ? [] : Promise.reject(error)));
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function unlessMissing(error: unknown): null {
  if (isCode(error, "ENOENT")) return null;
  throw error;
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
