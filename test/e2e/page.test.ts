/** The page in a real Chromium: the sample is alive within twenty seconds of listening and moves; own data takes over; troubles are told. */
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { roleWords } from "../../src/predictors/rule-kinds.ts";
import type { LiveView } from "../../src/serve/views.ts";
import { worldEvents } from "../crash/world.ts";
import { armEvents } from "../support/arms.ts";
import { type Running, startRun, temporaryFolder, until } from "../support/driftline.ts";
import { isLearnt } from "../support/is-learnt.ts";
import { createLamp } from "../support/lamp.ts";
import { requireTool } from "../support/require.ts";

const there = requireTool("chromium");
let browser: Browser;
beforeAll(async () => {
  if (!there) return;
  browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
});
afterAll(async () => {
  if (there) await browser.close();
});

const problems: string[] = [];
afterEach(() => expect(problems.splice(0)).toEqual([]));

async function open(server: Running, width = 1_100): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    // A server that was stopped on purpose cannot be reached.
    if (message.type() === "error" && !message.text().includes("ERR_")) problems.push(message.text());
  });
  await page.goto(server.address);
  return page;
}

const textOf = async (page: Page, id: string) => (await page.getByTestId(id).textContent()) ?? "";
const isPercent = (text: string) => /^\d+\.\d %$/.test(text);
const post = (server: Running, events: readonly object[]) =>
  fetch(`${server.address}/v1/interactions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(events),
  });

describe.runIf(there)("the page", { timeout: 90_000 }, () => {
  const sampled = temporaryFolder();
  let sampling: Running | null = null;
  /** One process plays the sample for those who look at it. */
  const sample = async () => {
    sampling ??= await startRun(sampled.path, []);
    return sampling;
  };
  afterAll(async () => {
    await sampling?.stop();
    sampled.cleanup();
  });

  it("shows the accuracy of the three sample environments within 20 s of listening, and it keeps moving", async () => {
    const server = await sample();
    const page = await open(server);
    for (const environment of ["babyai", "scienceworld", "textworld"]) {
      for (const predictor of ["persistence", "recall"]) {
        const cell = page.getByTestId(`accuracy-${environment}-${predictor}`);
        await cell.waitFor({ timeout: 20_000 });
        expect(isPercent(await textOf(page, `accuracy-${environment}-${predictor}`))).toBe(true);
      }
    }
    const took = Date.now() - server.listeningAt;
    expect(took).toBeLessThan(20_000);
    expect(await textOf(page, "sample-banner")).toContain("bundled sample");
    await until(
      async () => (await textOf(page, "health")).includes("Healthy"),
      30_000,
      "what came at once is processed",
    );
    const samples = async () =>
      Number(
        (
          await page.locator('[data-testid="environment-babyai"] tbody tr').first().locator("td").nth(2).textContent()
        )?.replaceAll(",", ""),
      );
    const first = await samples();
    await until(async () => (await samples()) > first, 15_000, "more steps are counted");
    await page.getByTestId("example").first().waitFor({ timeout: 10_000 });
    expect(await page.locator(".example .wrong, .example .missing").count()).toBeGreaterThan(0);
    const why = page.getByTestId("why").first();
    await why.locator("summary").click();
    await why.locator("li, p").filter({ hasNotText: "Loading" }).first().waitFor({ timeout: 10_000 });
    // Newer examples come all the time; what is open stays.
    await page.waitForTimeout(4_000);
    expect(await why.getAttribute("open")).not.toBeNull();
    await why.locator("summary").click();
    await page.locator('[data-testid="learning-curve"] polyline').first().waitFor({ timeout: 40_000 });
    await page.getByTestId("comparison-babyai").locator("summary").click();
    const rows = await page.getByTestId("comparison-babyai").locator("tbody tr").allTextContents();
    expect(rows.length).toBeGreaterThanOrEqual(2);
    for (const row of rows) expect(row).toMatch(/^[a-z-]+\d+\.\d %/);
    expect(await page.getByTestId("comparison-babyai").locator("svg.interval").count()).toBe(rows.length);
    const silent = page.getByTestId("abstentions-babyai");
    expect(await silent.locator("summary").textContent()).toMatch(/^Why predictors abstain: recall in \d+\.\d %/);
    await silent.locator("summary").click();
    const reasons = await silent.locator("tbody tr").allTextContents();
    expect(reasons.some((text) => /^recall[\d,]+untrainedFewer than 20 transitions/.test(text))).toBe(true);
    expect(await textOf(page, "ceiling-babyai")).toMatch(
      /ceiling \d+\.\d % for a model that never changes \(of [\d,]+ steps since the beginning/,
    );
    await page.getByTestId("window-all").click();
    expect(await page.getByTestId("window-all").getAttribute("aria-pressed")).toBe("true");
    expect(await page.locator("canvas").count()).toBe(5);
    expect(await textOf(page, "sample-banner")).toContain("toy-courier");
    for (const agent of ["careful", "hasty"])
      expect(await textOf(page, `ratio-${agent}-toy-simulator@1`)).toMatch(/^\d\.\d\d \d\.\d\d – .*W2R \d+ of \d+/);
    expect(await page.getByTestId("arms-toy-courier").locator("tbody tr").count()).toBe(4);

    await post(server, [
      { type: "reset", episode: "mine", environment: "my-world", state: { n: 0 } },
      { type: "step", episode: "mine", step: 0, action: "go", state: { n: 1 } },
    ]);
    await page.getByTestId("accuracy-my-world-persistence").waitFor({ timeout: 10_000 });
    await page.getByTestId("sample-banner").waitFor({ state: "detached", timeout: 10_000 });
    await page.close();
  });

  it("fits a narrow screen, light and dark", async () => {
    const server = await sample();
    const page = await open(server, 400);
    await page.getByTestId("accuracy-babyai-recall").waitFor({ timeout: 20_000 });
    // A name that long made the list of environments, and with it the page, twice as wide.
    const environment = `a-world-${"with-a-long-name-".repeat(6)}`;
    await post(server, [
      { type: "reset", episode: "long", environment, state: { n: 0 } },
      { type: "step", episode: "long", step: 0, action: "go", state: { n: 1 } },
    ]);
    await page.getByTestId(`accuracy-${environment}-persistence`).waitFor({ timeout: 10_000 });
    await page.getByLabel("environment", { exact: true }).selectOption(environment);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(400);
    // Of many references the lines filled the screen before any accuracy.
    for (let at = 0; at < 8; at++)
      await post(server, [
        { type: "reset", episode: `theirs-${at}`, environment: `theirs-${at}`, state: { n: 0 } },
        { type: "prediction", episode: `theirs-${at}`, step: 0, predictor: "sim", state: { n: 1 } },
        { type: "step", episode: `theirs-${at}`, step: 0, action: "go", state: { n: 1 } },
      ]);
    const baselines = page.getByTestId("baselines");
    await baselines.waitFor({ timeout: 10_000 });
    expect(await baselines.locator("summary").textContent()).toMatch(/^\d+ baselines, \d+ of them immature$/);
    expect(await page.getByTestId("baseline-theirs-3-sim").isVisible()).toBe(false);
    await baselines.locator("summary").click();
    expect(await page.getByTestId("baseline-theirs-3-sim").isVisible()).toBe(true);
    const ground = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    const light = await ground();
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await ground()).not.toBe(light);
    await page.close();
  });

  it("says how to begin when nothing has come, shows dead letters with what to do, and tells when the server is gone", async () => {
    const folder = temporaryFolder();
    const server = await startRun(folder.path);
    const page = await open(server);
    await page.getByTestId("empty").waitFor();
    expect(await textOf(page, "empty")).toContain(`${server.address}/v1/interactions`);
    expect(await textOf(page, "dead-letters")).toContain("every record could be used");
    await post(server, [
      { type: "reset", episode: "<b>x</b>", environment: "<img src=x onerror=alert(1)>", state: "a" },
      { type: "step", episode: "<b>x</b>", step: 0, action: "<script>alert(1)</script>", state: "<i>b</i>" },
      { type: "step", episode: "<b>x</b>", step: 1, action: "x", patch: [{ op: "remove", path: "/x" }] },
    ]);
    await page.getByTestId("dead-letter").first().waitFor({ timeout: 10_000 });
    expect(await textOf(page, "dead-letters")).toContain("patch-failed");
    await page.getByLabel("persistence too").check();
    await until(
      async () => (await textOf(page, "examples")).includes("<script>alert(1)</script>"),
      10_000,
      "the example is shown as text",
    );
    expect(await page.locator("main b i, main img[src=x]").count()).toBe(0);
    await server.stop();
    await until(async () => (await textOf(page, "health")).includes("No connection"), 15_000, "the loss is told");
    await page.close();
    folder.cleanup();
  });

  it("shows the reference beside the live version, which version it is and since when", async () => {
    const folder = temporaryFolder();
    const server = await startRun(folder.path);
    await post(server, worldEvents(51, { eventsMin: 300, stepsMax: 20 }));
    const pin = () =>
      fetch(`${server.address}/api/commands`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ command: "pin", environment: "house", predictor: "recall", author: "<i>me</i>" }),
      });
    const version = await until(
      async () => {
        const answer = await pin();
        return answer.status === 202 ? ((await answer.json()) as { version: string }).version : null;
      },
      15_000,
      "there is a version to pin",
    );
    const page = await open(server);
    await page.getByTestId("reference-house-recall").waitFor({ timeout: 10_000 });
    const said = await textOf(page, "reference-house-recall");
    expect(said).toContain(`version ${version.slice(0, 8)}`);
    expect(said).toContain("pinned by <i>me</i> on");
    await post(server, worldEvents(52, { eventsMin: 300, stepsMax: 20 }));
    await page.getByTestId("accuracy-house-recall@reference").waitFor({ timeout: 10_000 });
    expect(isPercent(await textOf(page, "accuracy-house-recall@reference"))).toBe(true);
    const rows = await page.locator('[data-testid="environment-house"] tbody th').allTextContents();
    const live = rows.findIndex((row) => row.trim().startsWith("recall"));
    expect(rows[live]).not.toContain("reference");
    expect(rows[live + 1]).toMatch(/recall\s*reference/);
    await page.close();
    await server.stop();
    folder.cleanup();
  });

  it("says what was learnt in words, lets a rule be deleted, and marks each piece of a text by its source", async () => {
    const folder = temporaryFolder();
    const server = await startRun(folder.path, ["--no-sample", "--learn-publish-interval-ms", "500"]);
    await post(server, worldEvents(53, { eventsMin: 400, stepsMax: 20 }));
    const get = async (path: string) => (await fetch(server.address + path)).text();
    await until(() => isLearnt("house", get), 20_000, "all is learnt: no other version comes");
    const page = await open(server);
    const section = page.getByTestId("rules-house");
    await section.waitFor({ timeout: 20_000 });
    await section.locator("summary").first().click();
    await page.getByLabel("kind of rules").selectOption("answer");
    expect(await textOf(page, "rules")).toContain(roleWords);
    const rule = page.getByTestId("rule").first();
    await until(async () => (await rule.textContent())?.includes("the answer is") === true, 10_000, "an answer");
    expect(await rule.textContent()).toMatch(/support \d+.*rule [0-9a-f]{12}/);
    await rule.getByTestId("delete-rule").click();
    expect(await rule.textContent()).toContain("no later version follows it");
    await rule.getByTestId("confirm").click();
    await until(async () => (await rule.textContent())?.includes("Sent") === true, 10_000, "the order is sent");
    await until(
      async () => {
        await page.getByRole("button", { name: /ask again|show the newest version/ }).click();
        return (await page.getByTestId("rule-list").textContent())?.includes("deleted") === true;
      },
      15_000,
      "the next version follows it",
    );
    // It stayed, though the next version had come.
    await until(
      async () => !(await page.getByTestId("rule-list").textContent())?.includes("Sent"),
      10_000,
      "what was said of the next version is over",
    );

    await post(server, worldEvents(54, { eventsMin: 300, stepsMax: 20 }));
    await page.getByLabel("environment", { exact: true }).selectOption("house");
    const example = page.getByTestId("example").filter({ hasText: "text-edits" }).first();
    await example.waitFor({ timeout: 20_000 });
    await example.getByTestId("why").locator("summary").first().click();
    const segments = example.getByTestId("segments");
    await segments.waitFor({ timeout: 10_000 });
    expect(await segments.locator("ul.legend li").count()).toBeGreaterThan(0);
    const pieces = segments.locator("pre span");
    expect((await pieces.first().getAttribute("title"))?.length).toBeGreaterThan(5);
    const marked = segments.locator("pre span.source").first();
    if ((await marked.count()) > 0) expect(await marked.getAttribute("data-mark")).not.toBe("");
    await example.getByTestId("belief").locator("summary").click();
    expect(await example.getByTestId("belief").locator("tbody tr").count()).toBeGreaterThan(0);
    // Closed with the belief open in it, it held the list for ever, also when another environment was asked for.
    const isHeld = async () => (await textOf(page, "examples")).includes("Held while something is open");
    expect(await isHeld()).toBe(true);
    await example.getByTestId("why").locator("summary").first().click();
    await until(async () => !(await isHeld()), 10_000, "nothing that is seen is open");
    await page.getByTestId("example").first().getByText("before the action").click();
    await until(isHeld, 10_000, "something is open again");
    await page.getByLabel("environment", { exact: true }).selectOption("");
    await until(async () => !(await isHeld()), 10_000, "others are asked for");
    await page.close();
    await server.stop();
    folder.cleanup();
  });

  it("shows the consistency ratio of agents and world models with its counts, or why there is none", async () => {
    const folder = temporaryFolder();
    const server = await startRun(folder.path);
    const page = await open(server);
    await page.getByTestId("empty").waitFor();
    expect(await textOf(page, "consistency")).toContain("No simulated episode has come");
    await post(server, armEvents("rooms", 18, 9));
    await post(server, armEvents("rooms", 16, 16, "<i>runner</i>"));
    await post(server, armEvents("rooms", 4, 4, "sleeper"));
    const walker = "ratio-walker@1-simulator@1";
    await until(
      async () => (await page.getByTestId(walker).count()) > 0 && (await textOf(page, walker)).includes("W2R 9 of 20"),
      10_000,
      "all runs are counted",
    );
    expect(await textOf(page, walker)).toMatch(/^0\.50 0\.\d\d – 0\.\d\d/);
    expect(await textOf(page, walker)).toContain("real 18 of 20");
    expect(await textOf(page, walker)).toContain("on the 20 tasks of both arms");
    expect(await textOf(page, walker)).toContain("9 of 18 plans that succeeded simulated did for real");
    expect(await page.getByTestId(walker).locator("svg.interval").count()).toBe(2);
    const sleeper = "ratio-sleeper@1-simulator@1";
    await until(async () => (await textOf(page, sleeper)).includes("W2R 4 of 20"), 10_000, "the last agent's runs");
    expect(await textOf(page, sleeper)).toContain("Not shown: fewer than 5 real successes");
    expect(await textOf(page, "consistency-rooms")).toContain("ratio of means");
    const arms = async () => await textOf(page, "arms-rooms");
    await until(async () => (await arms()).includes("sleeper@1 in simulator@1"), 15_000, "the arms are compared");
    await until(
      async () => /walker@1 in simulator@1 simulated/.test(await arms()),
      15_000,
      "the simulated arm is compared",
    );
    expect(await arms()).toMatch(
      /walker@1 in simulator@1 simulated.*p ≤ 0\.00566\.7 % to 66\.7 %go 100\.0 % → 33\.3 %, open 0\.0 % → 33\.3 %/,
    );
    expect(await arms()).toMatch(/2\.0 → 3\.0 p ≤ 0\.005difference 1\.0 to 1\.0/);
    expect(await page.locator("main i:not(.dot)").count()).toBe(0);
    const status = (await (await fetch(`${server.address}/api/status`)).json()) as LiveView;
    expect(status.environments[0]?.consistency.averages).toMatchObject([{ worldModel: "simulator@1", agents: 2 }]);
    await page.close();
    await server.stop();
    folder.cleanup();
  });

  it("tells of an alarm with cause, evidence and examples, on the accuracy axis too, and takes an operator's answers", async () => {
    const folder = temporaryFolder();
    const server = await startRun(folder.path, [
      "--no-sample",
      "--monitor-drift-environments",
      '{"lamp":{"episodesWanted":60}}',
    ]);
    const lamp = createLamp();
    const page = await open(server);
    expect(await page.getByTestId("alarms").count()).toBe(0);
    await post(server, lamp(40, false));
    await page.getByTestId("baseline-lamp-sim").waitFor({ timeout: 15_000 });
    expect(await textOf(page, "baseline-lamp-sim")).toMatch(/immature, \d+ of 60 episodes/);
    await post(server, lamp(80, false));
    await until(
      async () => (await textOf(page, "no-alarms")).includes("No alarm is open"),
      15_000,
      "a mature baseline",
    );
    await post(server, lamp(40, true));
    const alarm = page.getByTestId("alarm-lamp-sim");
    await alarm.waitFor({ timeout: 15_000 });
    expect(await alarm.textContent()).toMatch(/model.*The error rose from \d+\.\d % to \d+\.\d %/);
    await page.getByTestId("evidence").locator("summary").click();
    expect(await textOf(page, "evidence")).toMatch(/model[\d.-]+ points.*kick.*\/broken/);
    await page.getByTestId("alarm-examples").locator("summary").click();
    await page.getByTestId("alarm-examples").getByTestId("example").first().waitFor({ timeout: 10_000 });
    await page.getByLabel("why", { exact: true }).fill("kicks break it");
    await page.getByTestId("acknowledge").click();
    await until(
      async () => (await alarm.textContent())?.includes("Acknowledged by page: kicks break it") === true,
      15_000,
      "the answer",
    );
    await page.getByTestId("rebaseline").click();
    await page.getByTestId("recovered").first().waitFor({ state: "attached", timeout: 15_000 });
    const renewed = /immature.*renewed by page \(kicks break it\)/;
    await until(async () => renewed.test(await textOf(page, "baseline-lamp-sim")), 15_000, "another baseline");
    expect(await alarm.count()).toBe(0);
    await page.close();
    await server.stop();
    folder.cleanup();
  });
});
