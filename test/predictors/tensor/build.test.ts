/** Building TensorFlow where something is missing or wrong: it is named, with what mends it, and nothing half made is left. */

import { createHash } from "node:crypto";
import { readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addressIn } from "../../../src/predictors/tensor/build/fetch-wheel.ts";
import { type Recipe, recipeFor } from "../../../src/predictors/tensor/build/pins.ts";
import { driftline, temporaryFolder } from "../../support/driftline.ts";

const recipe = recipeFor(process.platform, process.arch, false);
const { file, name } = recipe?.wheels[0] ?? { file: "", name: "" };

describe.runIf(recipe !== null)("driftline tensorflow build", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.cleanup());
  const build = (args: readonly string[], env: Readonly<Record<string, string>>) =>
    driftline(["tensorflow", "build", ...args], "", { DRIFTLINE_TENSORFLOW_DIR: join(folder.path, "builds"), ...env });
  const left = () => readdirSync(join(folder.path, "builds"));

  it("names the compiler that is missing", async () => {
    const said = await build([], { CXX: "no-such-compiler" });
    expect(said.code).toBe(1);
    expect(said.err).toMatch(/the C\+\+ compiler no-such-compiler does not run. Install it: apt-get install g\+\+/);
    expect(left()).toEqual([]);
  });

  it("refuses a wheel with other bytes, from a folder and from an index, and leaves nothing behind", async () => {
    writeFileSync(join(folder.path, file), "another file");
    const given = await build(["--wheels", folder.path], {});
    expect(given.code).toBe(1);
    const sums = `${file} has the SHA-256 ${createHash("sha256").update("another file").digest("hex")}, and should have `;
    expect(given.err).toContain(sums);
    expect(left()).toEqual([]);
    const index = await planted(`<a href="../../files/${file}#sha256=00">${file}</a>`);
    const fetched = await build([], { PIP_INDEX_URL: `${index.address}/simple`, PIP_FIND_LINKS: "", PIP_RETRIES: "0" });
    await index.close();
    expect(fetched.code).toBe(1);
    expect(fetched.err).toContain(sums);
    expect(left()).toEqual([]);
  });

  it("names the index that does not have the wheel, and the way without it", async () => {
    const index = await planted("<a href='x'>other.whl</a>");
    const said = await build([], { PIP_INDEX_URL: `${index.address}/simple`, PIP_FIND_LINKS: "", PIP_RETRIES: "0" });
    await index.close();
    expect(said.code).toBe(1);
    expect(said.err).toContain(`the package index ${index.address}/simple/${name}/ did not give ${file}`);
    expect(said.err).toContain("--wheels DIR");
    expect(left()).toEqual([]);
  });

  /** A package index with one page; every file in it is `another file`. */
  async function planted(page: string) {
    const server = createServer((request, response) => {
      const isPage = request.url?.startsWith("/simple/") === true;
      response.setHeader("content-type", isPage ? "text/html" : "application/octet-stream");
      response.end(isPage ? `<!DOCTYPE html><html><body>${page}</body></html>` : "another file");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return {
      address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      close: () => new Promise((resolve) => server.close(resolve)),
    };
  }
});

describe("what a build is made of", () => {
  it("is pinned by hash, for the machines that there are wheels for", () => {
    const recipes: readonly (Recipe | null)[] = [
      recipeFor("linux", "x64", false),
      recipeFor("linux", "x64", true),
      recipeFor("linux", "arm64", false),
    ];
    for (const one of recipes) {
      expect(one).not.toBeNull();
      for (const { sha256, file: wheel } of one?.wheels ?? []) {
        expect(sha256).toMatch(/^[0-9a-f]{64}$/);
        expect(wheel).toMatch(one?.platform === "manylinux2014_aarch64" ? /aarch64\.whl$/ : /x86_64\.whl$/);
      }
    }
    expect(recipeFor("darwin", "arm64", false)).toBeNull();
    expect(recipeFor("linux", "arm64", true)).toBeNull();
  });

  it("is found in pages of an index, JSON and HTML", () => {
    const json = JSON.stringify({ files: [{ filename: "a-1.whl", url: "https://files.example/a-1.whl" }] });
    expect(addressIn(json, "a-1.whl", "https://index.example/simple/a/")).toBe("https://files.example/a-1.whl");
    const html = '<a href="../../files/a-1.whl?x=1&amp;y=2#sha256=0" data-requires-python="&gt;=3">a-1.whl</a>';
    expect(addressIn(html, "a-1.whl", "https://index.example/simple/a/")).toBe(
      "https://index.example/files/a-1.whl?x=1&y=2#sha256=0",
    );
    expect(addressIn(html, "b-1.whl", "https://index.example/simple/a/")).toBeNull();
  });
});
