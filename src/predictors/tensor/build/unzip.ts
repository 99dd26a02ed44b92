/** Takes the wanted files out of a wheel, which is a zip file. */
import { createWriteStream, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { type Entry, openPromise, type ZipFile } from "yauzl";

/** `place` says where an entry goes, relative to `folder`; null: nowhere. Names that lead out of the folder are refused by the library. */
export async function unzip(file: string, folder: string, place: (name: string) => string | null): Promise<number> {
  const zip = await openPromise(file, { lazyEntries: true, autoClose: false });
  try {
    return await new Promise<number>((resolve, reject) => {
      let taken = 0;
      zip.on("error", reject);
      zip.on("end", () => resolve(taken));
      zip.on("entry", (entry: Entry) => {
        const to = entry.fileName.endsWith("/") ? null : place(entry.fileName);
        if (to !== null) taken += 1;
        (to === null ? Promise.resolve() : write(zip, entry, join(folder, to))).then(() => zip.readEntry(), reject);
      });
      zip.readEntry();
    });
  } finally {
    zip.close();
  }
}

async function write(zip: ZipFile, entry: Entry, to: string): Promise<void> {
  mkdirSync(dirname(to), { recursive: true });
  const isExecutable = ((entry.externalFileAttributes >>> 16) & 0o100) !== 0;
  await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(to, { mode: isExecutable ? 0o755 : 0o644 }));
}
