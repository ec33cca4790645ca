// Reads lines of {"load": ..., "document": "..."}; prints for each the answer of a fresh instance, or its refusal.

import { readFileSync } from "node:fs";
import { Policy } from "../../../../../examples/node/host.mjs";

const [, , wasm, requests] = process.argv;
const module = new WebAssembly.Module(readFileSync(wasm));
for (const line of readFileSync(requests, "utf8").trimEnd().split("\n")) {
  const { load, document } = JSON.parse(line);
  let answer;
  try {
    const policy = new Policy(module);
    policy.load(load);
    answer = policy.decide(document);
  } catch (error) {
    answer = { refused: error.message };
  }
  console.log(JSON.stringify(answer));
}
