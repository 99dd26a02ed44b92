/** Takes page.png, the picture of the README: `npm start` on an empty data folder, and after about a minute `node test/guide/screenshot.mjs`. */
import { writeFileSync } from "node:fs";
import { chromium } from "playwright-core";
import { smallPng } from "./small-png.mjs";

const address = process.argv[2] ?? "http://127.0.0.1:7420";
const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"];
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
const page = await browser.newPage({ viewport: { width: 1_100, height: 1_200 }, colorScheme: "light" });
await page.goto(address);
await page.getByTestId("accuracy-babyai-recall").waitFor();
await page.getByTestId("window-1m").click();
// The charts draw with the next live view.
await page.waitForTimeout(3_000);
writeFileSync(new URL("page.png", import.meta.url), smallPng(await page.screenshot()));
await browser.close();
