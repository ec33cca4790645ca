// The messages between the page and its worker.

import type * as hallpass from "hallpass-policy/web";
import type { File, LintReport, Options, Report } from "hallpass-policy/web";

/** Initializes the module: its bytes, compressed with `deflate-raw`, or its URL. */
export interface Start {
  kind: "start";
  module: ArrayBuffer | string;
}

/** Requests a report. `installed` is omitted if allowlists and options have not changed. */
export interface Question {
  kind: "question";
  id: number;
  manifests: File[];
  installed?: { allowlists: File[]; options: Options };
}

export interface Answer {
  kind: "answer";
  id: number;
  report: Report;
  /** The faults in the allowlists, if these were sent. */
  lint?: LintReport;
}

/** Calls a function of the module. */
export interface Call<Name extends keyof Calls = keyof Calls> {
  kind: "call";
  id: number;
  name: Name;
  parameters: Parameters<Calls[Name]>;
}

/** The functions that can be called. */
export type Calls = Pick<typeof hallpass, "fix" | "generate" | "lintRules">;

export interface Result<Name extends keyof Calls = keyof Calls> {
  kind: "result";
  id: number;
  value: ReturnType<Calls[Name]>;
}

/** No report: an option is invalid, or the module trapped and must be restarted. */
export interface Failure {
  kind: "failure";
  id: number;
  message: string;
  fatal: boolean;
}
