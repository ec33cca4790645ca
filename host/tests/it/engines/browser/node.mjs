// `node node.mjs PACKAGE QUESTIONS`: prints the report on each question, as JSON in JSON.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [, , packageFolder, questions] = process.argv;
const { default: init, Policy } = await import(new URL("node.js", pathToFileURL(`${packageFolder}/`)));
await init();
// One for all: what a load puts in force must go with the next.
const policy = new Policy();
for (const { manifests, allowlists, options } of JSON.parse(readFileSync(questions, "utf8"))) {
  for (const file of manifests) if (Array.isArray(file.content)) file.content = Uint8Array.from(file.content);
  policy.load(allowlists, options);
  console.log(JSON.stringify(JSON.stringify(policy.check(manifests), null, 2)));
}
