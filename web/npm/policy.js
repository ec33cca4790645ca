// The public class and functions, over those that wasm-bindgen generates. They check what would otherwise fail with a
// message about null pointers or undefined exports.

import * as module from "./hallpass.js";

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
    this.#module = new module.Policy();
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

/** The function of the module, once it is initialized. */
const checked =
  (call) =>
  (...parameters) => {
    check();
    return call(...parameters);
  };

export const generate = checked(module.generate);
export const diff = checked(module.diff);
export const lint = checked(module.lint);
export const fix = checked(module.fix);
export const lintRules = checked(module.lintRules);
export const version = checked(module.version);
