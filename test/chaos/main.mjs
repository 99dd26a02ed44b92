/** `npm run chaos`: loads the TypeScript of this folder and runs it. */
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const { module } = await runnerImport(fileURLToPath(new URL("main.ts", import.meta.url)));
process.exit(await module.main(process.argv.slice(2)));
