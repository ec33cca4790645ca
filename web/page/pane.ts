// One side of the page: an editor with a tab per file.

import { type Diagnostic, setDiagnostics } from "@codemirror/lint";
import type { EditorState, StateEffect } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import type { File } from "hallpass-policy/web";
import { byId, h } from "./dom";
import { editorState } from "./editor";
import { type Position, range } from "./position";
import { prose } from "./prose";
import { type Level, Tabs } from "./tabs";
import { visible } from "./visible";

/** A file as it is read: `bytes` if it is not valid text. */
export interface Incoming {
  name: string;
  content: string;
  bytes?: Uint8Array<ArrayBuffer>;
}

interface Tab {
  name: string;
  /** The state of its editor when it was last hidden, including the history of its edits. */
  state: EditorState;
  /** The scroll position at that time. */
  scroll: StateEffect<unknown> | undefined;
  /** The original contents, until the user edits the text. */
  bytes: Uint8Array<ArrayBuffer> | undefined;
  /** Whether the user opened or edited it: it is not just an example. */
  own: boolean;
  /** Whether the user opened it, so that its name is the user's. */
  opened: boolean;
}

/** Everything in a pane, to restore it. */
export interface Snapshot {
  tabs: Tab[];
  active: number;
}

/** A range to underline in a file. */
export interface Mark extends Position {
  file: string;
  severity: Diagnostic["severity"];
  source: string;
  message: string;
  help?: string | null;
}

export interface Owner {
  /** The files to check have changed. */
  changed(): void;
  /** Text is about to be replaced or removed, as `what` says. */
  losing(what: string): void;
}

/** The maximum number of underlined ranges per file. */
const MARKS = 1000;

export class Pane {
  readonly name: string;
  readonly #hint: string;
  readonly #owner: Owner;
  readonly #strip: Tabs;
  readonly #view: EditorView;
  #tabs: Tab[] = [];
  #active = 0;
  #files: File[] | undefined;

  constructor(id: "manifests" | "allowlists", hint: string, owner: Owner) {
    this.name = id;
    this.#hint = hint;
    this.#owner = owner;
    this.#strip = new Tabs(byId(`${id}-tabs`), id, {
      select: (index) => this.#select(index),
      close: (index) => this.#close(index),
      create: () => this.#create(),
    });
    this.#open([this.#fresh()]);
    this.#view = new EditorView({ state: this.#current().state, parent: byId(`${id}-editor`) });
    this.#display();
  }

  /** The files to check. The same array until something changes. */
  files(): File[] {
    this.#files ??= this.#tabs
      .map((tab, index) => ({ name: tab.name, content: tab.bytes ?? this.#text(index) }))
      .filter(({ content }) => typeof content !== "string" || content.trim() !== "");
    return this.#files;
  }

  /** The texts, for a link. */
  texts(): { name: string; content: string }[] {
    const texts = this.#tabs.map((tab, index) => ({ name: tab.name, content: this.#text(index) }));
    return texts.filter(({ content }) => content.trim() !== "");
  }

  /** Whether it contains text that the user opened or wrote. */
  isOwn(): boolean {
    return this.#tabs.some((tab, index) => tab.own && this.#state(index).doc.length > 0);
  }

  /** The names of the files that the user opened. */
  opened(): Set<string> {
    return new Set(this.#tabs.filter((tab) => tab.opened).map((tab) => tab.name));
  }

  snapshot(): Snapshot {
    this.#keep();
    return { tabs: this.#tabs.map((tab) => ({ ...tab })), active: this.#active };
  }

  restore({ tabs, active }: Snapshot): void {
    this.#tabs = tabs.map((tab) => ({ ...tab }));
    this.#show(active);
  }

  /** Replaces all files. */
  replace(files: Incoming[]): void {
    this.#tabs = [];
    this.#open(files.length > 0 ? files : [this.#fresh()]);
    this.#show(0);
  }

  /** Removes all files. */
  clear(): void {
    if (this.texts().length > 0) this.#owner.losing(`cleared the ${this.name}`);
    this.replace([]);
  }

  /** Adds files, and replaces files with the same name and an initial empty file. */
  add(files: Incoming[]): void {
    this.#keep();
    const names = new Set(files.map((file) => file.name));
    const replaced = this.#tabs.filter((tab) => names.has(tab.name) && tab.state.doc.length > 0).map((tab) => tab.name);
    if (replaced.length > 0) this.#owner.losing(`replaced ${replaced.join(", ")}`);
    this.#tabs = this.#tabs.filter((tab) => !names.has(tab.name) && tab.state.doc.length > 0);
    const first = this.#tabs.length;
    this.#open(files, { own: true, opened: true });
    this.#show(first);
  }

  /** Replaces what differs in the text of a file, as an edit that its editor can undo. */
  rewrite(file: string, content: string): void {
    const index = this.#tabs.findIndex((tab) => tab.name === file);
    if (index < 0) return;
    this.#select(index);
    const before = this.#text(index);
    const wanted = this.#view.state.toText(content).toString();
    const shorter = Math.min(before.length, wanted.length);
    let start = 0;
    while (start < shorter && before[start] === wanted[start]) start += 1;
    let end = 0;
    while (end < shorter - start && before[before.length - 1 - end] === wanted[wanted.length - 1 - end]) end += 1;
    const insert = wanted.slice(start, wanted.length - end);
    this.#view.dispatch({ changes: { from: start, to: before.length - end, insert }, userEvent: "input.fix" });
  }

  /** Underlines ranges, each in its file. */
  mark(marks: Mark[]): void {
    this.#keep();
    const of = Map.groupBy(marks, (mark) => mark.file);
    for (const [index, tab] of this.#tabs.entries()) {
      const diagnostics = (of.get(tab.name) ?? []).slice(0, MARKS).map((mark) => diagnostic(tab.state, mark));
      diagnostics.sort((one, other) => one.from - other.from || one.to - other.to);
      const transaction = setDiagnostics(tab.state, diagnostics);
      if (index === this.#active) this.#view.dispatch(transaction);
      else tab.state = tab.state.update(transaction).state;
    }
  }

  /** Marks files as denied or invalid. */
  rate(levels: Map<string, Level>): void {
    this.#strip.rate(levels);
  }

  /** Goes to a position: opens its file, centers its line, and selects the value. */
  reveal(file: string, position: Position): void {
    const index = this.#tabs.findIndex((tab) => tab.name === file);
    if (index < 0) return;
    this.#select(index);
    const { from, to } = range(this.#view.state.doc, position);
    this.#view.dispatch({
      selection: { anchor: from, head: to },
      effects: EditorView.scrollIntoView(from, { y: "center" }),
    });
    this.#view.focus();
  }

  /** Measures the editor again after a change of its style. */
  measure(): void {
    this.#view.requestMeasure();
  }

  #current(): Tab {
    const tab = this.#tabs[this.#active];
    if (tab === undefined) throw new Error(`${this.name} has no file`);
    return tab;
  }

  #state(index: number): EditorState {
    return index === this.#active ? this.#view.state : (this.#tabs[index] ?? this.#current()).state;
  }

  #text(index: number): string {
    return this.#state(index).doc.toString();
  }

  /** Saves the state of the editor. */
  #keep(): void {
    const tab = this.#current();
    tab.state = this.#view.state;
    tab.scroll = this.#view.scrollSnapshot();
  }

  #open(files: Incoming[], { own = false, opened = false } = {}): void {
    for (const file of files) {
      // Reports and marks identify a file by its name.
      const taken = new Set(this.#tabs.map((tab) => tab.name));
      let name = file.name;
      for (let count = 2; taken.has(name); count += 1) name = `${file.name} (${count})`;
      const state = editorState(file.content, `${this.name}: ${name}`, this.#hint, () => this.#typed());
      this.#tabs.push({ name, state, scroll: undefined, bytes: file.bytes, own, opened });
    }
  }

  /** An empty file with an unused name. */
  #fresh(): Incoming {
    const stem = this.name === "manifests" ? "manifest" : "allowlist";
    const taken = new Set(this.#tabs.map((tab) => tab.name));
    let name = `${stem}.yaml`;
    for (let count = 2; taken.has(name); count += 1) name = `${stem}-${count}.yaml`;
    return { name, content: "" };
  }

  /** Only the editor changes text, so it is that of the active tab. */
  #typed(): void {
    const tab = this.#current();
    tab.bytes = undefined;
    tab.own = true;
    this.#edited();
  }

  #edited(): void {
    this.#files = undefined;
    this.#owner.changed();
  }

  /** Shows another set of files. */
  #show(index: number): void {
    this.#active = Math.min(index, this.#tabs.length - 1);
    this.#display();
    this.#edited();
  }

  #display(): void {
    const { state, scroll } = this.#current();
    this.#view.setState(state);
    // Otherwise, the editor keeps the scroll position of the text before.
    this.#view.dispatch({ effects: scroll ?? EditorView.scrollIntoView(0, { y: "start", x: "start" }) });
    this.#strip.draw(this.#tabs.map((tab) => tab.name), this.#active);
  }

  #select(index: number): void {
    if (index === this.#active) return;
    this.#keep();
    this.#active = index;
    this.#display();
  }

  #close(index: number): void {
    const name = this.#tabs[index]?.name;
    if (this.#text(index).trim() !== "") this.#owner.losing(`closed ${name}`);
    this.#keep();
    this.#tabs.splice(index, 1);
    if (this.#tabs.length === 0) this.#open([this.#fresh()]);
    this.#show(index < this.#active ? this.#active - 1 : this.#active);
  }

  #create(): void {
    this.#keep();
    this.#open([this.#fresh()], { own: true });
    this.#show(this.#tabs.length - 1);
    this.#view.focus();
  }
}

function diagnostic(state: EditorState, mark: Mark): Diagnostic {
  const help = mark.help ?? undefined;
  return {
    ...range(state.doc, mark),
    severity: mark.severity,
    source: visible(mark.source),
    message: visible(mark.message),
    renderMessage: () => h("div", {}, h("p", {}, prose(mark.message)), help !== undefined && h("p", { class: "help" }, prose(help))),
  };
}
