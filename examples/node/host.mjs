// A complete host for the plain Wasm ABI (docs/abi.md) with Node's WebAssembly, without packages.
//
//   node examples/node/host.mjs MODULE.wasm ALLOWLIST.json... -- WORKLOAD.json...
//
// Prints one line per workload. Exits with 0 if all may run, 1 if one may not, and 2 if one could not be evaluated.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const ABI_VERSION = 1;

/** One instance of the module: allowlists are loaded once and asked about many workloads. */
export class Policy {
  #exports;

  constructor(module) {
    this.#exports = new WebAssembly.Instance(module).exports;
    const version = this.#exports.hallpass_abi_version();
    if (version !== ABI_VERSION) {
      throw new Error(`the module speaks version ${version} of the ABI, and this host speaks ${ABI_VERSION}`);
    }
  }

  /** Puts a load request in force; throws if the request is invalid, and then changes nothing. */
  load(request) {
    return this.#call("hallpass_load", JSON.stringify(request));
  }

  /** Judges a document, given as the text of its JSON. */
  decide(document) {
    return this.#call("hallpass_decide", document);
  }

  #call(name, request) {
    const { memory, hallpass_alloc, hallpass_free } = this.#exports;
    const bytes = new TextEncoder().encode(request);
    const address = hallpass_alloc(bytes.length) >>> 0;
    if (address === 0) throw new Error(`no memory for a request of ${bytes.length} bytes`);
    new Uint8Array(memory.buffer, address, bytes.length).set(bytes);

    // The call takes the request's buffer and may grow the memory, so a new view is created.
    const packed = BigInt.asUintN(64, this.#exports[name](address, bytes.length));
    const [at, length] = [Number(packed >> 32n), Number(packed & 0xffffffffn)];
    const answer = JSON.parse(new TextDecoder().decode(new Uint8Array(memory.buffer, at, length)));
    hallpass_free(at, length);

    if (answer.error !== undefined) {
      const faults = answer.faults.map((fault) => `\n  ${fault.path}: ${fault.message}`);
      throw new Error(answer.error + faults.join(""));
    }
    return answer;
  }
}

function main([module, ...files]) {
  const separator = files.indexOf("--");
  if (module === undefined || separator < 0) {
    console.error("usage: node host.mjs MODULE.wasm ALLOWLIST.json... -- WORKLOAD.json...");
    return 2;
  }
  const policy = new Policy(new WebAssembly.Module(readFileSync(module)));
  const allowlists = files.slice(0, separator).map((file) => JSON.parse(readFileSync(file, "utf8")));
  policy.load({ allowlists });

  let exit = 0;
  for (const file of files.slice(separator + 1)) {
    const { workloads, faults } = policy.decide(readFileSync(file, "utf8"));
    for (const { kind, name, decision } of workloads) {
      const by = decision.allowlist === null ? "" : ` by ${decision.allowlist}`;
      console.log(`${decision.verdict} ${kind} ${name}${by}`);
      for (const { rule, message } of decision.mismatches) console.log(`  ${rule}: ${message}`);
      if (decision.verdict === "denied") exit = Math.max(exit, 1);
    }
    for (const { path, message } of faults) {
      console.log(`error ${file} ${path}: ${message}`);
      exit = 2;
    }
  }
  return exit;
}

const [, script, ...rest] = process.argv;
if (script !== undefined && import.meta.url === pathToFileURL(script).href) process.exitCode = main(rest);
