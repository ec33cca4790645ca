// The messages between the page and its worker.

import type { File, Options, Report } from "hallpass-policy/web";

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
}

/** No report: an option is invalid, or the module trapped and must be restarted. */
export interface Failure {
  kind: "failure";
  id: number;
  message: string;
  fatal: boolean;
}
