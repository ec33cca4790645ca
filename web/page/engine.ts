// The worker that evaluates. The worker and the module are files next to the page, or part of the page if it is a
// single file.

import type { Start } from "./messages";

/** A worker that knows what to load. */
export interface Running {
  worker: Worker;
  /** Why the worker failed, if it did. Kept for later requests. */
  failure: Promise<string>;
}

declare global {
  /** The worker of `start.ts`. */
  var hallpassWorker: Running | undefined;
}

export function start(): Running {
  const script = document.getElementById("worker")?.textContent;
  const worker = new Worker(typeof script === "string" ? blob(script) : "worker.js");
  const failure = new Promise<string>((resolve) => {
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      resolve(event.message || "the worker does not start");
    });
  });
  const message: Start = { kind: "start", module: bytes() };
  worker.postMessage(message);
  return { worker, failure };
}

function blob(script: string): string {
  return URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
}

/** The compressed bytes of the module, or its URL. */
function bytes(): ArrayBuffer | string {
  const text = document.getElementById("module")?.textContent;
  if (typeof text !== "string") return new URL("hallpass_bg.wasm", document.baseURI).href;
  const binary = atob(text.trim());
  const array = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) array[at] = binary.charCodeAt(at);
  return array.buffer;
}
