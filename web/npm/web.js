// The entry point for browsers and bundlers, which fetches the module.

import load from "./hallpass.js";
import { start } from "./policy.js";

export { diff, fix, generate, lint, lintRules, Policy, version } from "./policy.js";

export default async function init(source) {
  await load(source);
  start();
}
