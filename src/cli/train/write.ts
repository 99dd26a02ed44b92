/** Files that are whole or not there: written aside, synced, renamed. */
import { open, rename } from "node:fs/promises";

export async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const aside = `${file}.part`;
  const handle = await open(aside, "w");
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(aside, file);
}
