/** Calls that break a contract wherever they stand: clocks and randomness in pure code, evaluation of text, leftovers. */
import { describe, expect, it } from "vitest";
import { sourceFiles } from "./sources.ts";

interface Ban {
  readonly what: string;
  readonly pattern: RegExp;
  readonly where: (path: string) => boolean;
}

const everywhere = (path: string) => path.startsWith("src/");
const notMain = (path: string) => path !== "src/main.ts" && !path.startsWith("src/web/") && path !== "src/setup.mjs";
const pure = (path: string) => /^src\/(track|learn|monitor|predictors|json|codec|stats|run)\//.test(path);

const bans: readonly Ban[] = [
  { what: "the wall clock outside main.ts", pattern: /\bDate\.now\(|\bnew Date\(\)/, where: notMain },
  { what: "the monotonic clock in pure code", pattern: /\bperformance\.now\(|\bprocess\.hrtime/, where: pure },
  { what: "randomness in pure code", pattern: /\bMath\.random\(|\brandomUUID\(|\brandomBytes\(/, where: pure },
  { what: "the environment outside main.ts", pattern: /\bprocess\.env\b/, where: notMain },
  { what: "signals outside main.ts", pattern: /\bprocess\.on\(\s*["']SIG/, where: notMain },
  { what: "exit outside main.ts", pattern: /\bprocess\.exit\(/, where: notMain },
  { what: "evaluation of text", pattern: /\beval\(|\bnew Function\(/, where: everywhere },
  { what: "any", pattern: /:\s*any\b|<any>|\bas any\b/, where: everywhere },
  { what: "raw HTML", pattern: /dangerouslySetInnerHTML|\.innerHTML\s*=/, where: everywhere },
  { what: "work left for later", pattern: /\bTODO\b|\bFIXME\b|\bXXX\b|not implemented/i, where: everywhere },
  { what: "a suppressed check", pattern: /@ts-ignore|@ts-nocheck/, where: everywhere },
];

const files = sourceFiles("src");

describe("banned calls", () => {
  for (const ban of bans) {
    it(`does not have ${ban.what}`, () => {
      const found = files
        .filter((file) => ban.where(file.path))
        .flatMap((file) =>
          file.lines.flatMap((line, at) =>
            ban.pattern.test(withoutComment(line)) ? [`${file.path}:${at + 1}: ${line.trim()}`] : [],
          ),
        );
      expect(found).toEqual([]);
    });
  }

  it("sees the calls that it bans", () => {
    const planted = [
      "Date.now()",
      "performance.now()",
      "Math.random()",
      "process.env.X",
      'process.on("SIGINT"',
      "process.exit(1)",
      "eval(x)",
    ];
    for (const line of planted) expect(bans.some((ban) => ban.pattern.test(line))).toBe(true);
  });

  it("leaves no skipped or focused test behind", () => {
    const found = sourceFiles("test").flatMap((file) =>
      file.lines.flatMap((line, at) =>
        /\b(it|describe|test)\.(skip|only|todo)\(/.test(line) ? [`${file.path}:${at + 1}`] : [],
      ),
    );
    expect(found).toEqual([]);
  });
});

function withoutComment(line: string): string {
  return /^\s*(\*|\/\*|\/\/)/.test(line) ? "" : line;
}
