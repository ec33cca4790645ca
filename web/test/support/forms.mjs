// Tests of the page in both of its forms, each in a browser that remembers nothing.

import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { launch } from "./chromium.mjs";
import { Hallpass } from "./hallpass.mjs";
import { serve } from "./server.mjs";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
const single = pathToFileURL(`${dist}hallpass.html`).href;

export const SIZES = {
  wide: { width: 1440, height: 900 },
  tablet: { width: 768, height: 1024 },
  phone: { width: 390, height: 844 },
  "phone on its side": { width: 844, height: 390 },
};

export const POD = `apiVersion: v1
kind: Pod
metadata: {name: shell, namespace: tools}
spec:
  hostPID: true
  containers:
    - name: shell
      image: example.com/shell:1
`;

/** Starts the browser and the server for the tests of a file. */
export function forms() {
  const running = {};
  before(async () => {
    running.browser = await launch();
    running.server = await serve(`${dist}site`);
  });
  after(async () => {
    await running.browser?.close();
    await running.server?.close();
  });

  async function open(address, body, options) {
    const context = await running.browser.newContext({ viewport: SIZES.wide, ...options });
    try {
      // Busy machines take longer than the 30 seconds that Playwright waits.
      context.setDefaultTimeout(120_000);
      const page = await Hallpass.open(context, address);
      await body(page, address);
      page.assertCalm();
    } finally {
      await context.close();
    }
  }

  const onSite = (name, body, options) => test(name, () => open(`${running.server.origin}/`, body, options));
  const onBoth = (name, body, options) => {
    onSite(`${name}, site`, body, options);
    test(`${name}, file`, () => open(single, body, options));
  };
  return { running, onSite, onBoth };
}
