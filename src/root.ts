/** The folder of the product: where `package.json` is. The same from the sources, from their modules in `dist` and from the program bundled of them. */
import { existsSync } from "node:fs";

/** Ends with a slash. */
export const root: URL = nearest(new URL(".", import.meta.url));

function nearest(folder: URL): URL {
  if (existsSync(new URL("package.json", folder))) return folder;
  const above = new URL("..", folder);
  if (above.href === folder.href) throw new Error("Driftline's package.json is missing beside its program");
  return nearest(above);
}
