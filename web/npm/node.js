// The entry point for Node, which reads the module from the disk at once: `init` has nothing left to do.

import { readFileSync } from "node:fs";
import { initSync } from "./hallpass.js";
import { start } from "./policy.js";

export { diff, fix, generate, lint, lintRules, Policy, version } from "./policy.js";

initSync({ module: readFileSync(new URL("hallpass_bg.wasm", import.meta.url)) });
start();

export default async function init() {}
