// The same as node.mjs, in Chromium. Exits with 77 when there is none.

import { existsSync, readFileSync } from "node:fs";
import { launch } from "../../../../../web/test/support/chromium.mjs";
import { serve } from "../../../../../web/test/support/server.mjs";

const [, , packageFolder, questions] = process.argv;
if (!existsSync(process.env.HALLPASS_CHROMIUM || "/usr/bin/chromium")) process.exit(77);

const server = await serve(packageFolder);
const browser = await launch();
const page = await browser.newPage();
// Any document of that origin will do.
await page.goto(`${server.origin}/web.js`);
const reports = await page.evaluate(async (questions) => {
  const { default: init, Policy } = await import(new URL("/web.js", location.href).href);
  await init();
  const policy = new Policy();
  return questions.map(({ manifests, allowlists, options }) => {
    for (const file of manifests) if (Array.isArray(file.content)) file.content = Uint8Array.from(file.content);
    policy.load(allowlists, options);
    return JSON.stringify(policy.check(manifests), null, 2);
  });
}, JSON.parse(readFileSync(questions, "utf8")));
for (const report of reports) console.log(JSON.stringify(report));
await browser.close();
await server.close();
