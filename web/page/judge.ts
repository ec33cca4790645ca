// The page's side of the worker. One check is processed and one waits; a new one replaces the waiting one.

import type { File, LintReport, Options, Report } from "hallpass-policy/web";
import type { Running } from "./engine";
import type { Answer, Call, Calls, Failure, Question, Result } from "./messages";

/** The input of the page. */
export interface Input {
  manifests: File[];
  allowlists: File[];
  options: Options;
}

export interface Listener {
  /** The report on `input`, and the faults in its allowlists. */
  judged(report: Report, lint: LintReport, input: Input): void;
  /** No report: an option is invalid, or the worker failed, which is `fatal`. */
  failed(message: string, fatal: boolean): void;
  /** Whether a request is active. */
  busy(open: boolean): void;
}

type Reply = Answer | Result | Failure;

/** A call without its result. */
interface Pending {
  resolve(value: unknown): void;
  reject(reason: Error): void;
}

export class Judge {
  readonly #start: () => Running;
  readonly #listener: Listener;
  #running: Running;
  #count = 0;
  #asked: { id: number; input: Input } | undefined;
  #waiting: Input | undefined;
  /** What the worker has loaded. */
  #installed: Pick<Input, "allowlists" | "options"> | undefined;
  /** The faults in the loaded allowlists. */
  #lint: LintReport | undefined;
  #calls = new Map<number, Pending>();

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

  /** Calls a function of the module. Rejects if an argument is invalid or the worker fails. */
  call<Name extends keyof Calls>(name: Name, ...parameters: Parameters<Calls[Name]>): Promise<ReturnType<Calls[Name]>> {
    const request: Call<Name> = { kind: "call", id: ++this.#count, name, parameters };
    return new Promise((resolve, reject) => {
      this.#calls.set(request.id, { resolve: (value) => resolve(value as ReturnType<Calls[Name]>), reject });
      this.#post(request);
    });
  }

  #listen(running: Running): Running {
    running.worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => this.#receive(data));
    return running;
  }

  #post(request: Question | Call): void {
    const { worker, failure } = this.#running;
    worker.postMessage(request);
    // Another request may be active when this one's failure is known.
    const { id } = request;
    void failure.then((message) => this.#receive({ kind: "failure", id, message, fatal: true }));
  }

  #send(input: Input): void {
    const { allowlists, options } = input;
    const question: Question = { kind: "question", id: ++this.#count, manifests: input.manifests };
    if (this.#installed?.allowlists !== allowlists || this.#installed.options !== options) {
      question.installed = { allowlists, options };
    }
    this.#asked = { id: question.id, input };
    this.#installed = { allowlists, options };
    this.#post(question);
  }

  #receive(reply: Reply): void {
    const call = this.#calls.get(reply.id);
    if (call !== undefined) this.#return(reply, call);
    else if (reply.kind !== "result" && reply.id === this.#asked?.id) this.#answer(reply, this.#asked.input);
  }

  #return(reply: Reply, call: Pending): void {
    this.#calls.delete(reply.id);
    if (reply.kind === "result") call.resolve(reply.value);
    else if (reply.kind === "failure") {
      call.reject(new Error(reply.message));
      if (reply.fatal) this.#restart();
    }
  }

  #answer(reply: Answer | Failure, input: Input): void {
    this.#asked = undefined;
    if (reply.kind === "failure") {
      // The failed policy must not count as loaded.
      this.#installed = undefined;
      if (reply.fatal) this.#restart();
    } else if (reply.lint !== undefined) this.#lint = reply.lint;
    const next = this.#waiting;
    this.#waiting = undefined;
    if (next !== undefined) {
      this.#send(next);
      return;
    }
    this.#listener.busy(false);
    if (reply.kind === "failure") this.#listener.failed(reply.message, reply.fatal);
    else if (this.#lint !== undefined) this.#listener.judged(reply.report, this.#lint, input);
  }

  /** Starts another worker, which gets the request that the failed one had. */
  #restart(): void {
    this.#running.worker.terminate();
    this.#running = this.#listen(this.#start());
    this.#installed = undefined;
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    for (const call of calls) call.reject(new Error("the worker was restarted"));
    if (this.#asked !== undefined) this.#send(this.#asked.input);
  }
}
