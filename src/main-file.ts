/** The built program, as threads and processes of ours are started with it: run from source, the build's, since Node loads no TypeScript there. */
export function mainFile(): URL {
  const here = import.meta.url;
  return new URL(here.endsWith(".ts") ? "../dist/main.js" : "main.js", here);
}
