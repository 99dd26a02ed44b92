/** Everything that the README names exists: options, variables, flags, metrics, reasons, fields, routes, files, limits. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { withRemote } from "../../src/cli/run/remote.ts";
import { abstentionReasons } from "../../src/codec/abstention-reasons.ts";
import { deadLetterReasons } from "../../src/codec/dead-letter-reasons.ts";
import { eventTableMarkdown } from "../../src/codec/event-table.ts";
import { configHelp, loadConfig } from "../../src/config.ts";
import { remoteFactories } from "../../src/predictors/remote-registry.ts";
import { root, sourceFiles } from "../style/sources.ts";
import { driftline, type Running, startRun, temporaryFolder, until } from "../support/driftline.ts";
import { requireTool } from "../support/require.ts";
import { blockIn, blocksIn, linesOf, readme, run, sectionOf } from "./blocks.ts";
import { broken } from "./console.ts";

const folder = temporaryFolder();
let server: Running;
beforeAll(async () => {
  // With a predictor that takes its time, whose metrics are named too; nobody listens there.
  const far = ["--predictor", "far=openai", "--model", "none", "--url", "http://127.0.0.1:9/v1"];
  server = await startRun(join(folder.path, "data"), ["--no-sample", ...far]);
});
afterAll(async () => {
  await server.stop();
  folder.cleanup();
});

const found = (pattern: RegExp, text = readme) => [
  ...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? match[0])),
];
/** A flag as it is written for an option. */
const flagOf = (name: string) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
const load = (input: { flags?: readonly string[]; env?: Record<string, string>; file?: string }) =>
  loadConfig({ flags: input.flags ?? [], env: input.env ?? {}, readFile: () => input.file ?? null });

describe("options", () => {
  const help = configHelp();
  const paths = new Set(help.map(([path]) => path));
  const sections = [...new Set(help.map(([path]) => path.split(".")[0]))].filter((name) => !paths.has(name ?? ""));

  it("have the paths that the README writes", () => {
    const written = found(new RegExp(`\`((?:${sections.join("|")})\\.[A-Za-z.]+)\``, "g")).filter(
      (name) => !/\.(ts|json)$/.test(name),
    );
    expect(written.length).toBeGreaterThan(10);
    expect(written.filter((path) => !paths.has(path))).toEqual([]);
  });

  it("have the defaults of the README's table of limits", () => {
    const rows = [...readme.matchAll(/^\| .* \| ([\d,]+) \| `([A-Za-z.]+)` \|$/gm)];
    expect(rows.length).toBeGreaterThan(5);
    const defaults = new Map(help.map(([path, , , standard]) => [path, standard]));
    expect(rows.filter(([, value, path]) => defaults.get(path ?? "") !== value?.replaceAll(",", ""))).toEqual([]);
  });

  it("take the README's configuration file, variables and flags of npm start", () => {
    expect(load({ file: blockIn("Configure", "json") }).http.port).toBe(8000);
    const variables = found(/\bDRIFTLINE_[A-Z_]+\b/g).filter((name) => name !== "DRIFTLINE_CONFIG");
    expect(variables.length).toBeGreaterThanOrEqual(2);
    for (const name of variables) load({ env: { [name]: name.endsWith("PORT") ? "1" : "a-token-of-sixteen" } });
    const starts = found(/npm start -- ([^`\n]+)/g);
    expect(starts.length).toBeGreaterThanOrEqual(2);
    for (const flags of starts)
      load({ flags: withRemote(flags.split(" ")), env: { DRIFTLINE_TOKEN: "a-token-of-sixteen" } });
    expect(() => load({ env: { DRIFTLINE_NOTHING: "1" } }), "an unknown one is noticed").toThrow(/no option/);
  });

  it("have the flags that the README writes", async () => {
    const usages = await Promise.all(commands.map(async (one) => (await one.load()).usage.join("\n")));
    const known = new Set([
      ...help.map(([, flag]) => flag),
      ...usages.flatMap((usage) => found(/(--[a-z][a-z-]*)/g, usage)),
      ...remoteFactories.flatMap(({ optionsSchema }) => Object.keys(optionsSchema.properties).map(flagOf)),
      ...["--port", "--host", "--token", "--config", "--help", "--no-track-best-of"],
    ]);
    const ours = readme.split("\n").filter((line) => !/^curl |npx tsc|^npm install /.test(line));
    const written = found(/(?<![\w-])(--[a-z][a-z-]*)/g, ours.join("\n"));
    expect(written.length).toBeGreaterThan(10);
    expect(written.filter((flag) => !known.has(flag))).toEqual([]);
  });
});

describe("metrics, routes and words", () => {
  it("are exported under the names that the README writes", async () => {
    // What the thread of learning counts comes half a second later.
    const exposition = await until(
      async () => {
        const text = await (await fetch(`${server.address}/metrics`)).text();
        return text.includes("# TYPE driftline_model_info ") ? text : null;
      },
      10_000,
      "the metrics of every thread",
    );
    const exported = new Set(found(/^# TYPE (\S+) /gm, exposition));
    const written = found(/\bdriftline_[a-z_]+[a-z]\b/g);
    expect(written.length).toBeGreaterThan(15);
    expect(written.filter((name) => !exported.has(name))).toEqual([]);
  });

  it("are routes of the server", async () => {
    const { paths } = (await (await fetch(`${server.address}/openapi.json`)).json()) as { paths: object };
    const written = found(/(?:`|(?<=GET |POST ))(\/(?:v1|api|metrics|healthz|readyz)[a-z/-]*)`/g);
    expect(written.length).toBeGreaterThanOrEqual(4);
    expect(written.filter((path) => !Object.hasOwn(paths, path))).toEqual([]);
  });

  it("are words of the code: what is answered, dropped, flagged", () => {
    const texts = sourceFiles("src").map((file) => file.text);
    const words = ["untrained", "no-support", "version-gone", "prediction-late", "missing", "late", "unidentified"];
    const more = ["abandoned", "gap", "no-state", "broken", "ahead", "persistence", "recall"];
    for (const word of [...words, ...more]) {
      expect(readme, word).toContain(`\`${word}\``);
      expect(
        texts.some((text) => new RegExp(`["\\s{]${word}["\`:,]`).test(text)),
        word,
      ).toBe(true);
    }
  });

  it("are messages of a second server: its data folder is in use, its port is taken", async () => {
    const { port } = new URL(server.address);
    const said: string[] = [];
    for (const data of ["data", "other"]) {
      const { code, err } = await driftline(["run", "--port", port, "--data-dir", join(folder.path, data)]);
      expect(code).toBe(1);
      said.push(err.replaceAll(port, "7420"));
    }
    const quoted = found(/^\*\*`([^`]+)`\*\*/gm, sectionOf("Troubleshoot"));
    expect(quoted).toHaveLength(2);
    const unsaid = quoted.filter((message) => !said.some((err) => broken(`…${message}…\n`, err) === null));
    expect(unsaid, said.join("")).toEqual([]);
  });

  it("list every event, every reason for dead letters and every one to abstain as the code has them", () => {
    expect(readme).toContain(eventTableMarkdown());
    const rows = Object.entries(deadLetterReasons).map(([reason, mend]) => `| \`${reason}\` | ${mend} |`);
    expect(readme).toContain(rows.join("\n"));
    const silent = Object.entries(abstentionReasons).map(([reason, means]) => `| \`${reason}\` | ${means} |`);
    expect(readme).toContain(silent.join("\n"));
  });
});

describe("files", () => {
  it("are where the README says, and its links lead somewhere", () => {
    const links = found(/\]\(([^)]+)\)/g).filter((target) => !target.startsWith("https://"));
    const headings = found(/^#+ (.+)$/gm).map((title) => `#${title.toLowerCase().replaceAll(" ", "-")}`);
    const paths = found(/(?<![\w/~.])((?:src|test|topics|schemas)\/[\w./-]*[\w/])/g);
    expect(links.length).toBeGreaterThan(10);
    expect(paths.length).toBeGreaterThan(15);
    expect(links.filter((link) => link.startsWith("#") && !headings.includes(link))).toEqual([]);
    const files = [...links.filter((link) => !link.startsWith("#")), ...paths];
    expect(files.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it("have the two scripts of the first screen", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object };
    for (const line of linesOf(blocksIn("Driftline", "sh", 1)[0] ?? "")) {
      const [, script = ""] = /^npm (\w+) +#/.exec(line) ?? [];
      expect(Object.keys(scripts)).toContain(script);
    }
  });

  it("have the page's picture: a PNG, 1,100 pixels wide, below 300 KB", () => {
    const picture = readFileSync(join(root, "test/guide/page.png"));
    expect(picture.subarray(1, 4).toString()).toBe("PNG");
    expect(picture.readUInt32BE(16)).toBe(1_100);
    expect(picture.length).toBeLessThan(300_000);
  });

  it.runIf(requireTool("promtool"))("let Prometheus read the configuration, with and without a token", async () => {
    const plain = blockIn("Prometheus", "yaml");
    const withToken = plain.replace("# authorization", "authorization");
    expect(withToken).not.toBe(plain);
    for (const text of [plain, withToken.replace("/etc/prometheus/driftline-token", join(folder.path, "token"))]) {
      writeFileSync(join(folder.path, "token"), "a-token-of-sixteen");
      writeFileSync(join(folder.path, "prometheus.yml"), text);
      const said = await run("promtool", ["check", "config", "prometheus.yml"], folder.path);
      expect(said.code, said.out + said.err).toBe(0);
    }
  });
});
