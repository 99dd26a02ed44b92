/** The built program, as threads and processes of ours are started with it, also where this runs from source: Node loads no TypeScript there. */
import { root } from "./root.ts";

export function mainFile(): URL {
  return new URL("dist/main.js", root);
}
