// Chromium, as this machine has it, without a window.

import { chromium } from "playwright-core";

const ROOT = process.getuid?.() === 0;

export function launch() {
  return chromium.launch({
    executablePath: process.env.HALLPASS_CHROMIUM || "/usr/bin/chromium",
    // Its sandbox refuses to work for root, as in containers; what is opened is ours.
    args: ROOT ? ["--no-sandbox"] : [],
  });
}
