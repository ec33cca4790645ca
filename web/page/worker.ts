// Evaluates in a worker, which contains the policy.

import init, { Policy } from "hallpass-policy/web";
import type { Answer, Failure, Question, Start } from "./messages";

const ready: { policy?: Promise<Policy> } = {};

async function start(module: ArrayBuffer | string): Promise<Policy> {
  await init({ module_or_path: typeof module === "string" ? fetch(module) : inflated(module) });
  return new Policy();
}

/** A response, so that the browser compiles while it decompresses. */
function inflated(module: ArrayBuffer): Response {
  const bytes = new Blob([module]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(bytes, { headers: { "content-type": "application/wasm" } });
}

async function answer({ id, manifests, installed }: Question): Promise<Answer | Failure> {
  try {
    const policy = await ready.policy;
    if (policy === undefined) throw new Error("the module was not started");
    if (installed !== undefined) policy.load(installed.allowlists, installed.options);
    return { kind: "answer", id, report: policy.check(manifests) };
  } catch (error) {
    // After a trap, the state of the module is undefined. A rejected argument is an ordinary `Error`.
    const fatal = !(error instanceof Error) || error instanceof WebAssembly.RuntimeError || error.name !== "Error";
    return { kind: "failure", id, message: error instanceof Error ? error.message : String(error), fatal };
  }
}

addEventListener("message", ({ data }: MessageEvent<Start | Question>) => {
  if (data.kind === "start") {
    ready.policy = start(data.module);
    // The caller is informed of the failure.
    ready.policy.catch(() => undefined);
  } else {
    void answer(data).then((reply) => postMessage(reply));
  }
});
