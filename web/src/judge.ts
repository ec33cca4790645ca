// The page's side of the worker. Of several questions in a row only the last is asked: one is in work, one waits.

import type { File, Options, Report } from "hallpass-policy/web";
import type { Answer, Failure, Question, Start } from "./messages";

/** What the page is asked to judge. */
export interface Input {
  manifests: File[];
  allowlists: File[];
  options: Options;
}

export interface Listener {
  /** The report on `input`. */
  judged(report: Report, input: Input): void;
  failed(message: string): void;
  /** Whether a question is open. */
  busy(open: boolean): void;
}

/** How a worker is made, and what it loads. */
export interface Engine {
  worker(): Worker;
  module(): ArrayBuffer | string;
}

export class Judge {
  readonly #engine: Engine;
  readonly #listener: Listener;
  #worker: Worker;
  #count = 0;
  #asked: Input | undefined;
  #waiting: Input | undefined;
  /** What the worker has in force. */
  #installed: Pick<Input, "allowlists" | "options"> | undefined;

  constructor(engine: Engine, listener: Listener) {
    this.#engine = engine;
    this.#listener = listener;
    this.#worker = this.#start();
  }

  ask(input: Input): void {
    this.#listener.busy(true);
    if (this.#asked === undefined) this.#send(input);
    else this.#waiting = input;
  }

  #start(): Worker {
    const worker = this.#engine.worker();
    worker.addEventListener("message", ({ data }: MessageEvent<Answer | Failure>) => this.#reply(data));
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#reply({
        kind: "failure",
        id: this.#count,
        message: event.message || "the worker does not start",
        fatal: true,
      });
    });
    const start: Start = { kind: "start", module: this.#engine.module() };
    worker.postMessage(start);
    return worker;
  }

  #send(input: Input): void {
    const { allowlists, options } = input;
    const question: Question = { kind: "question", id: ++this.#count, manifests: input.manifests };
    if (this.#installed?.allowlists !== allowlists || this.#installed.options !== options) {
      question.installed = { allowlists, options };
    }
    this.#asked = input;
    this.#installed = { allowlists, options };
    this.#worker.postMessage(question);
  }

  #reply(reply: Answer | Failure): void {
    const input = this.#asked;
    if (input === undefined || reply.id !== this.#count) return;
    this.#asked = undefined;
    if (reply.kind === "failure") {
      // Nothing of it may count as in force.
      this.#installed = undefined;
      if (reply.fatal) {
        this.#worker.terminate();
        this.#worker = this.#start();
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
    else this.#listener.failed(reply.message);
  }
}
