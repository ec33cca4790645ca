// The entry point for Node, which reads the module from the disk at once: `init` has nothing left to do.

import { readFileSync } from "node:fs";
import { initSync } from "./hallpass.js";

const exports = initSync({ module: readFileSync(new URL("hallpass_bg.wasm", import.meta.url)) });

export * from "./hallpass.js";

export default async function init() {
  return exports;
}
