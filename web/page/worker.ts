// Evaluates in a worker, which contains the policy.

import init, { fix, generate, lint, lintRules, Policy } from "hallpass-policy/web";
import type { Answer, Call, Calls, Failure, Question, Result, Start } from "./messages";

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

const functions: Calls = { fix, generate, lintRules };

function call<Name extends keyof Calls>({ id, name, parameters }: Call<Name>): Result<Name> {
  const of = functions[name] as (...parameters: Parameters<Calls[Name]>) => ReturnType<Calls[Name]>;
  return { kind: "result", id, value: of(...parameters) };
}

function answer(policy: Policy, question: Question | Call): Answer | Result {
  const { id } = question;
  if (question.kind === "call") return call(question);
  const { manifests, installed } = question;
  if (installed !== undefined) policy.load(installed.allowlists, installed.options);
  const report = policy.check(manifests);
  return { kind: "answer", id, report, ...(installed !== undefined && { lint: lint(installed.allowlists) }) };
}

async function reply(question: Question | Call): Promise<Answer | Result | Failure> {
  const { id } = question;
  try {
    const policy = await ready.policy;
    if (policy === undefined) throw new Error("the module was not started");
    return answer(policy, question);
  } catch (error) {
    // After a trap, the state of the module is undefined. A rejected argument is an ordinary `Error`.
    const fatal = !(error instanceof Error) || error instanceof WebAssembly.RuntimeError || error.name !== "Error";
    return { kind: "failure", id, message: error instanceof Error ? error.message : String(error), fatal };
  }
}

addEventListener("message", ({ data }: MessageEvent<Start | Question | Call>) => {
  if (data.kind === "start") {
    ready.policy = start(data.module);
    // The caller is informed of the failure.
    ready.policy.catch(() => undefined);
  } else {
    void reply(data).then((message) => postMessage(message));
  }
});
