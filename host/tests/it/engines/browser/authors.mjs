// `node authors.mjs PACKAGE QUESTIONS`: prints what the functions for authors return for each question, as JSON in JSON.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [, , packageFolder, questions] = process.argv;
const { default: init, diff, generate, lint } = await import(new URL("node.js", pathToFileURL(`${packageFolder}/`)));
await init();
for (const { manifests, old, fresh } of JSON.parse(readFileSync(questions, "utf8"))) {
  for (const file of manifests) if (Array.isArray(file.content)) file.content = Uint8Array.from(file.content);
  const answers = [generate(manifests), lint(fresh), diff(old, fresh)];
  console.log(JSON.stringify(JSON.stringify(answers)));
}
