/** One schema for file, variables and flags; every problem at once, by name. */
import { describe, expect, it } from "vitest";
import { UsageError } from "../../src/cli/arguments.ts";
import { configHelp, configSchema, loadConfig, shownConfig } from "../../src/config.ts";
import { defaultsOf } from "../support/defaults.ts";

function load(flags: readonly string[], env: Record<string, string> = {}, file: string | null = null) {
  return loadConfig({
    flags,
    env,
    readFile: (path) => (path === "driftline.json" || path === "my.json" ? file : null),
  });
}

function problems(...given: Parameters<typeof load>): string {
  try {
    load(...given);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return "";
}

describe("the configuration", () => {
  it("is complete without anything given", () => {
    expect(defaultsOf()).toMatchObject({
      dataDir: ".driftline",
      sample: true,
      http: { host: "127.0.0.1", port: 7420, token: "" },
    });
  });

  it("takes flags before variables before the file", () => {
    const file = JSON.stringify({ http: { port: 1, token: "from the file, long" }, logLevel: "warn" });
    expect(load([], {}, file).http.port).toBe(1);
    expect(load([], { DRIFTLINE_HTTP_PORT: "2" }, file).http.port).toBe(2);
    const config = load(["--port", "3"], { DRIFTLINE_PORT: "2" }, file);
    expect([config.http.port, config.logLevel, config.http.token]).toEqual([3, "warn", "from the file, long"]);
  });

  it("gives every option a flag and a variable", () => {
    for (const [path, flag, variable, standard] of configHelp()) {
      const value = standard.startsWith('"') ? JSON.parse(standard) : standard;
      expect(() => load([`${flag}=${value}`]), path).not.toThrow();
      expect(() => load([], { [variable]: String(value) }), path).not.toThrow();
    }
    expect(configHelp().every(([, , , , description]) => description.length > 10)).toBe(true);
  });

  it("reports all problems at once, each by name, with what was perhaps meant", () => {
    const text = problems(
      ["--prot", "80", "--http-port", "many", "--no-sample=maybe"],
      { DRIFTLINE_LOG_LEVEL: "loud", DRIFTLINE_HTTP_PROT: "1" },
      '{"htp":{},"track":{"reorderMs":-1}}',
    );
    for (const one of [
      "--prot",
      "did you mean",
      "--http-port",
      "whole number",
      "logLevel",
      "DRIFTLINE_HTTP_PROT",
      "htp",
      "track.reorderMs",
    ])
      expect(text).toContain(one);
  });

  it("names a file that is not there or not JSON, and takes the default file only where it is", () => {
    expect(problems(["--config", "other.json"])).toContain("other.json: there is no such file");
    expect(problems([], {}, "{")).toContain("driftline.json: ");
    expect(problems([], {}, '{"http":{"prot":1}}')).toContain(
      "http.prot: there is no such option; did you mean http.port?",
    );
    expect(problems([], {}, '{"tracks":{}}')).toContain("tracks: there is no such option; did you mean track?");
    expect(problems([], {}, '{"track":{"environments":{"shop":{"comparison":{"ignore":["id"]}}}}}')).toContain(
      "track.environments.shop.comparison.ignore.0: expected a JSON pointer",
    );
    expect(problems([], {}, "[]")).toContain("a configuration is a JSON object");
    expect(load(["--config", "my.json"], {}, '{"sample":false}').sample).toBe(false);
    expect(load([], { DRIFTLINE_CONFIG: "my.json" }, '{"sample":false}').sample).toBe(false);
  });

  it("checks what hangs together", () => {
    expect(problems(["--host", "0.0.0.0"])).toContain("http.token must be set to at least 16 characters");
    expect(problems(["--host", "0.0.0.0", "--token", "x".repeat(16)])).toBe("");
    const ofShop = (shop: string) => problems([], {}, `{"track":{"environments":{"shop":${shop}}}}`);
    expect(ofShop('{"confidenceMin":2}')).toContain("track.environments.shop.confidenceMin");
    expect(ofShop('{"kind":"text"}')).toContain('track.environments.shop.kind: expected one of "state", "observation"');
    expect(ofShop('{"shape":{"data":["prices"]}}')).toContain("track.environments.shop.shape.data.0");
    // It was said of the comparison, which was not given.
    expect(ofShop('{"shape":{"keyed":{"orders":"id"}}}')).toContain(
      'track.environments.shop.shape: "orders" is no path pattern',
    );
    expect(ofShop('{"comparison":{"keyed":{"orders":"id"}}}')).toContain(
      'track.environments.shop.comparison: "orders" is no path pattern',
    );
    expect(ofShop('{"comparison":{"ignore":["/**"]}}')).toContain("track.environments.shop.comparison: ");
    const keyed = (from: number) =>
      JSON.stringify(Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`/a${from + at}`, "id"])));
    expect(ofShop(`{"comparison":{"keyed":${keyed(0)}}}`)).toBe("");
    expect(ofShop(`{"comparison":{"keyed":${keyed(0)}},"shape":{"keyed":${keyed(200)}}}`)).toContain(
      "track.environments.shop.comparison and track.environments.shop.shape.keyed: 400 comparison rules",
    );
    expect(ofShop('{"shape":{"keyed":{"/prices~2":"id"}}}')).toContain("track.environments.shop.shape: ");
  });

  it("refuses an inline predictor that there is not, or twice: it would abstain for ever, or answer twice", () => {
    expect(problems(["--track-predictors", "persistence,recal"])).toContain(
      "track.predictors: there is no inline predictor recal; there are persistence, recall,",
    );
    expect(problems(["--track-predictors", "recall,recall"])).toContain("track.predictors: ");
    expect(problems(["--track-predictors", "persistence,recall"])).toBe("");
  });

  it("shows no secrets", () => {
    expect(JSON.stringify(shownConfig(load(["--token", "secret-secret-secret"])))).not.toContain("secret-secret");
  });

  it("describes every section and option for people", () => {
    expect(JSON.stringify(configSchema)).not.toContain('"description":""');
  });
});
