// The page's side of the worker. One request is processed and one waits; a new request replaces the waiting one.

import type { File, Options, Report } from "hallpass-policy/web";
import type { Running } from "./engine";
import type { Answer, Failure, Question } from "./messages";

/** The input of the page. */
export interface Input {
  manifests: File[];
  allowlists: File[];
  options: Options;
}

export interface Listener {
  /** The report on `input`. */
  judged(report: Report, input: Input): void;
  /** No report: an option is invalid, or the worker failed, which is `fatal`. */
  failed(message: string, fatal: boolean): void;
  /** Whether a request is active. */
  busy(open: boolean): void;
}

export class Judge {
  readonly #start: () => Running;
  readonly #listener: Listener;
  #running: Running;
  #count = 0;
  #asked: Input | undefined;
  #waiting: Input | undefined;
  /** What the worker has loaded. */
  #installed: Pick<Input, "allowlists" | "options"> | undefined;

  /** Uses the worker `first`, and after a failure the ones that `start` returns. */
  constructor(first: Running, start: () => Running, listener: Listener) {
    this.#start = start;
    this.#listener = listener;
    this.#running = this.#listen(first);
  }

  ask(input: Input): void {
    this.#listener.busy(true);
    if (this.#asked === undefined) this.#send(input);
    else this.#waiting = input;
  }

  #listen(running: Running): Running {
    running.worker.addEventListener("message", ({ data }: MessageEvent<Answer | Failure>) => this.#reply(data));
    return running;
  }

  #send(input: Input): void {
    const { allowlists, options } = input;
    const question: Question = { kind: "question", id: ++this.#count, manifests: input.manifests };
    if (this.#installed?.allowlists !== allowlists || this.#installed.options !== options) {
      question.installed = { allowlists, options };
    }
    this.#asked = input;
    this.#installed = { allowlists, options };
    const { worker, failure } = this.#running;
    worker.postMessage(question);
    // Another request may be active when this one's failure is known.
    const { id } = question;
    void failure.then((message) => this.#reply({ kind: "failure", id, message, fatal: true }));
  }

  #reply(reply: Answer | Failure): void {
    const input = this.#asked;
    if (input === undefined || reply.id !== this.#count) return;
    this.#asked = undefined;
    if (reply.kind === "failure") {
      // The failed policy must not count as loaded.
      this.#installed = undefined;
      if (reply.fatal) {
        this.#running.worker.terminate();
        this.#running = this.#listen(this.#start());
      }
    }
    const next = this.#waiting;
    this.#waiting = undefined;
    if (next !== undefined) {
      this.#send(next);
      return;
    }
    this.#listener.busy(false);
    if (reply.kind === "answer") this.#listener.judged(reply.report, input);
    else this.#listener.failed(reply.message, reply.fatal);
  }
}
