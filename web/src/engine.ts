// Where the worker and the module come from: files beside the page, or the page itself when it is one file.

import type { Engine } from "./judge";

export function engine(): Engine {
  const worker = document.getElementById("worker")?.textContent;
  const module = document.getElementById("module")?.textContent;
  if (typeof worker !== "string" || typeof module !== "string") {
    return {
      worker: () => new Worker("worker.js"),
      module: () => new URL("hallpass_bg.wasm", document.baseURI).href,
    };
  }
  const url = URL.createObjectURL(new Blob([worker], { type: "text/javascript" }));
  return {
    worker: () => new Worker(url),
    module: () => {
      const binary = atob(module.trim());
      const bytes = new Uint8Array(binary.length);
      for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
      return bytes.buffer;
    },
  };
}
