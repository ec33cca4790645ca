// Starts this machine's Chromium without a window.

import { chromium } from "playwright-core";

const ROOT = process.getuid?.() === 0;

export function launch() {
  return chromium.launch({
    executablePath: process.env.HALLPASS_CHROMIUM || "/usr/bin/chromium",
    // The sandbox does not work for root, such as in containers; the test opens only our own page.
    args: ROOT ? ["--no-sandbox"] : [],
  });
}
