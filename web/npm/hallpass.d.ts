/// <reference lib="esnext.disposable" />

// Names of the platform that exist only with the matching `lib` or `@types` package.
type Platform<Name extends string> = typeof globalThis extends { [key in Name]: { prototype: infer Value } } ? Value : never;
type WebAssemblyModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Value } } } ? Value & object : never;

/** The module: its address, a response with it, its bytes, or the module itself. */
export type Source =
    | string
    | ArrayBuffer
    | ArrayBufferView
    | Platform<"URL">
    | Platform<"Request">
    | Platform<"Response">
    | WebAssemblyModule;

/**
 * Initializes the module; further calls have no effect.
 *
 * In browsers, fetches `hallpass_bg.wasm` from the folder of the package's files, or takes it from `module_or_path`. In
 * Node, the import has initialized the module.
 */
export default function init(source?: { module_or_path: Source | PromiseLike<Source> }): Promise<void>;

/** Loaded allowlists and options, with which manifests are evaluated. */
export class Policy {
    /** Creates a policy without allowlists. Throws an error before `init`. */
    constructor();
    /**
     * Loads allowlists and options, and replaces everything loaded before. An invalid allowlist does not count: `errors`
     * and every later report name the error.
     *
     * Throws an error, and changes nothing, if an argument has the wrong type, a field or the profile is
     * unknown, or `gkeVersion` is invalid.
     */
    load(allowlists: readonly File[], options?: Options | null): Loaded;
    /**
     * Evaluates every workload in the files. A workload may run only if it is `admitted` or `exempted` and the report has
     * no `errors`.
     *
     * Throws an error if the argument has the wrong type.
     */
    check(manifests: readonly File[]): Report;
    /** Releases the memory. Every other call throws an error afterwards. */
    free(): void;
    [Symbol.dispose](): void;
}

/** Returns the version of hallpass. Throws an error before `init`. */
export function version(): string;
