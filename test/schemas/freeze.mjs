/** `npm run freeze-schemas -- v2`: see freeze.ts. */
import { runnerImport } from "vite";

const { module } = await runnerImport(new URL("freeze.ts", import.meta.url).pathname);
module.freeze(process.argv[2] ?? "");
