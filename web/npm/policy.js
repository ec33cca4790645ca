// The public class and function, over the functions that wasm-bindgen generates. They check what would otherwise fail
// with a message about null pointers or undefined exports.

import { Policy as Module, version as moduleVersion } from "./hallpass.js";

let started = false;

/** Called by the entry points once the module is initialized. */
export function start() {
  started = true;
}

function check() {
  if (!started) throw new Error("the module is not initialized: call `await init()` first");
}

export class Policy {
  #module;

  constructor() {
    check();
    this.#module = new Module();
  }

  load(files, options) {
    return this.#usable().load(files, options);
  }

  check(files) {
    return this.#usable().check(files);
  }

  free() {
    this.#module?.free();
    this.#module = undefined;
  }

  #usable() {
    if (this.#module === undefined) throw new Error("this policy was freed: create another one with `new Policy()`");
    return this.#module;
  }
}

// Node 18 before 18.18 and older browsers lack the symbol.
if (Symbol.dispose) Policy.prototype[Symbol.dispose] = Policy.prototype.free;

export function version() {
  check();
  return moduleVersion();
}
