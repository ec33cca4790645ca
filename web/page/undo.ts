// Undoes what replaces or removes text outside the editors' own histories: an example, a link, Clear, a closed file.

import { byId } from "./dom";
import { visible } from "./visible";

/** The number of states to keep. */
const MOST = 20;

interface Step<State> {
  what: string;
  state: State;
}

export class Undo<State> {
  readonly #current: () => State;
  readonly #restore: (state: State) => void;
  #past: Step<State>[] = [];
  #future: Step<State>[] = [];

  constructor(current: () => State, restore: (state: State) => void) {
    this.#current = current;
    this.#restore = restore;
    byId("undo-button").addEventListener("click", () => this.#go(this.#past, this.#future, "Undone"));
    byId("redo-button").addEventListener("click", () => this.#go(this.#future, this.#past, "Done again"));
    byId("undo-close").addEventListener("click", () => (byId("undo").hidden = true));
  }

  /** Keeps the state before a change, which the page describes as `what`. */
  before(what: string): void {
    // What was undone stays within reach, too: text may exist only there.
    this.#past.push(...this.#future.reverse(), { what, state: this.#current() });
    this.#past.splice(0, this.#past.length - MOST);
    this.#future = [];
    this.#show(what);
  }

  #go(from: Step<State>[], to: Step<State>[], done: string): void {
    const step = from.pop();
    if (step === undefined) return;
    to.push({ what: step.what, state: this.#current() });
    this.#restore(step.state);
    this.#show(`${done}: ${step.what}`);
  }

  #show(text: string): void {
    byId("undo").hidden = false;
    byId("undo-text").textContent = visible(text);
    const [undo, redo] = [byId("undo-button"), byId("redo-button")];
    const focused = document.activeElement;
    undo.hidden = this.#past.length === 0;
    redo.hidden = this.#future.length === 0;
    // A hidden button loses the focus.
    if (focused === undo && undo.hidden) redo.focus();
    if (focused === redo && redo.hidden) undo.focus();
  }
}
