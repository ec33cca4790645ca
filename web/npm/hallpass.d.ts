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

/**
 * Generates the allowlists that exempt every workload in the files, as `hallpass generate` does: `yaml` is its output. If
 * something cannot be read, or no allowlist can exempt one of the workloads, `yaml` is `null` and `errors` says why.
 *
 * Throws an error before `init`, if an argument has the wrong type, or if an option is unknown or invalid.
 */
export function generate(manifests: readonly File[], options?: GenerateOptions | null): Generation;

/**
 * Compares two versions of allowlists by meaning: what may workloads do under the new one and not under the old one, and
 * the reverse? Returns the output of `hallpass diff -o json`. The new version permits more if `summary.wider` is greater
 * than `summary.allowed`; nothing was compared if there are `errors`.
 *
 * Throws an error before `init`, if an argument has the wrong type, or if an option is unknown.
 */
export function diff(oldAllowlists: readonly File[], newAllowlists: readonly File[], options?: DiffOptions | null): DifferenceReport;

/**
 * Finds faults in the `WorkloadAllowlist`s and `AllowlistSynchronizer`s of files, and returns them as
 * `hallpass lint -o json` does. Other objects are skipped.
 *
 * Throws an error before `init`, or if the argument has the wrong type.
 */
export function lint(files: readonly File[]): LintReport;

/**
 * Fixes one finding of `lint(files)`, by its index in `findings`, and returns its file with the change. Every other byte of
 * the file stays.
 *
 * Throws an error before `init`, if an argument has the wrong type, if the finding has no `fix`, or if the file is written
 * in a way that cannot be changed safely, such as through a YAML anchor.
 */
export function fix(files: readonly File[], index: number): { name: string; content: string };

/** Returns every rule of `lint`. Throws an error before `init`. */
export function lintRules(): LintRule[];

/** Returns the version of hallpass. Throws an error before `init`. */
export function version(): string;
