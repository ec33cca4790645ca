// What the page and its worker say to each other.

import type { File, Options, Report } from "hallpass-policy/web";

/** Sets the module up: its bytes, or where to get them. */
export interface Start {
  kind: "start";
  module: ArrayBuffer | string;
}

/** Asks for a report. `installed` is left out while allowlists and options are as they were. */
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

/** There is no report: an option is wrong, or the module came to a stop and must be started anew. */
export interface Failure {
  kind: "failure";
  id: number;
  message: string;
  fatal: boolean;
}
