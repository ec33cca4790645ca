// `node bench.mjs`: measures the page in Chromium. Prints medians in milliseconds, one per line.

import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { launch } from "./test/support/chromium.mjs";
import { serve } from "./test/support/server.mjs";

const RUNS = 15;
/** Milliseconds to wait, because a new window still loads parts of the browser, and polling the page slows it down. */
const CALM = 1500;
const LINES = 500;

/** Runs in the page: records the time of each verdict. */
function watch() {
  window.verdicts = [];
  const observer = new MutationObserver(() => {
    const status = document.getElementById("status");
    if (status !== null && !status.hasAttribute("data-busy")) window.verdicts.push(performance.now());
  });
  observer.observe(document, { attributes: true, attributeFilter: ["data-busy"], subtree: true });
}

/** Types a key, and returns the time until its verdict is shown. */
async function edit() {
  const { view } = document.querySelector("#manifests-editor .cm-content").cmTile;
  window.verdicts = [];
  const start = performance.now();
  view.dispatch({ changes: { from: view.state.doc.length, insert: " " } });
  while (window.verdicts.length === 0) await new Promise((resolve) => setTimeout(resolve));
  return window.verdicts[0] - start;
}

function median(numbers) {
  return numbers.sort((one, other) => one - other)[numbers.length >> 1];
}

const upgraded = await readFile(new URL("../examples/agent-upgraded.yaml", import.meta.url), "utf8");
const documents = Math.ceil(LINES / upgraded.split("\n").length);
const manifest = Array.from({ length: documents }, () => upgraded).join("---\n");

const server = await serve(fileURLToPath(new URL("dist/site", import.meta.url)));
const browser = await launch();
const firsts = [];
const edits = [];
for (let run = 0; run < RUNS; run += 1) {
  const page = await browser.newPage();
  await page.addInitScript(watch);
  await sleep(CALM);
  await page.goto(server.origin);
  await sleep(CALM);
  firsts.push(await page.evaluate(() => window.verdicts[0] - performance.getEntriesByType("navigation")[0].loadEventEnd));
  await page.locator("#manifests-editor .cm-content").click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(manifest);
  await page.waitForFunction((count) => document.getElementById("status-text").textContent === `${count} denied`, documents);
  // The first edits run code that is not compiled yet.
  for (let key = 0; key < 20; key += 1) {
    const took = await page.evaluate(edit);
    if (key >= 10) edits.push(took);
  }
  await page.close();
}
await browser.close();
await server.close();
console.log(`page-first\t${median(firsts).toFixed(1)}`);
console.log(`page-edit\t${median(edits).toFixed(1)}`);
