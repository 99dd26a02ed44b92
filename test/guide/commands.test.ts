/** The README's console blocks, in their order, in a folder that looks like a checkout: every command as written, every output as promised. */
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { root } from "../style/sources.ts";
import { metric, type Running, startRun, temporaryFolder, until } from "../support/driftline.ts";
import { atAddress, bash, blockIn, blocks, blocksIn, linesOf, sectionOf, writtenAddress } from "./blocks.ts";
import { broken, type Exchange, exchangesOf } from "./console.ts";

const exchanges = blocks.filter((block) => block.language === "console").flatMap((block) => exchangesOf(block.text));
const own = /^driftline ([a-z-]+)(.*)$/;
const runLine = exchanges.find(({ command }) => command.startsWith("driftline run"));
const folder = temporaryFolder();
/** The data folder that commands take by default. */
const data = join(folder.path, ".driftline");
let server: Running | null = null;

beforeAll(async () => {
  for (const name of ["src", "dist"]) symlinkSync(join(root, name), join(folder.path, name));
  server = await startRun(data, flagsOf(runLine));
  for (const section of ["Send an episode", "Compare your own model"]) {
    await bash(atAddress(blocksIn(section, "sh", 2)[0] ?? "", server.address), folder.path);
  }
  const { address } = server;
  const last =
    'driftline_predictions_total{environment="shop-api",predictor="our-simulator",kind="dynamic",result="mismatch"}';
  await until(async () => (await metric(address, last)) === 1, 5_000, "both episodes are scored");
});
afterAll(async () => {
  await server?.stop();
  folder.cleanup();
});

function flagsOf(exchange: Exchange | undefined): readonly string[] {
  const words = own.exec(exchange?.command ?? "")?.[2] ?? "";
  return words.split(" ").filter((word) => word !== "");
}

async function outputOf({ command }: Exchange): Promise<string> {
  if (command === runLine?.command) {
    const { address, output } = server ?? { address: "", output: () => "" };
    return output().replaceAll(address, writtenAddress);
  }
  if (command.startsWith("driftline reset")) {
    expect(await server?.stop(), "the server stops cleanly").toBe(0);
    server = null;
  }
  const [alias = ""] = linesOf(blockIn("Commands", "sh"));
  expect(alias).toMatch(/^alias driftline=/);
  const said = await bash(`shopt -s expand_aliases\n${alias}\n${command}\n`, folder.path);
  expect(said.code, said.err).toBe(0);
  return said.out;
}

describe("the README's commands", () => {
  for (const exchange of exchanges) {
    it(`runs as written: ${exchange.command.slice(0, 100)}`, async () => {
      const output = await outputOf(exchange);
      expect(broken(exchange.output, output), `the promised line that is not in:\n${output}`).toBeNull();
    });
  }

  it("are all there: each has a row in the table, in the order of help, and an example", async () => {
    const rows = [...sectionOf("Commands").matchAll(/^\| `([a-z-]+)` \| .* \|$/gm)].map((match) => match[1]);
    const names = commands.map((one) => one.name);
    expect(rows.filter((name) => names.some((one) => one === name))).toEqual(names);
    const shown = new Set(exchanges.map(({ command }) => own.exec(command)?.[1]));
    expect(names.filter((name) => !shown.has(name))).toEqual([]);
  });

  it("would not pass with another output: a changed figure, a line too many, a line too few", () => {
    const actual = "a  1\nb  2\nc  3\n";
    expect(broken("a  1\n…\nc  3\n", actual)).toBeNull();
    expect(broken("a  …\nb  2\nc …\n", actual)).toBeNull();
    expect(broken("a  1\nb  3\nc  3\n", actual)).toBe("b  3");
    expect(broken("a  1\nb  2\n", actual)).toBe("b  2");
    expect(broken("a  1\nb  2\nc  3\nd  4\n", actual)).toBe("d  4");
    expect(broken("", actual)).toBe("no output");
  });
});
