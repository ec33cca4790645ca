// One side of the page: an editor with a tab per file.

import type { Diagnostic } from "@codemirror/lint";
import { setDiagnostics } from "@codemirror/lint";
import type { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import type { File } from "hallpass-policy/web";
import { byId, h } from "./dom";
import { editorState } from "./editor";
import { type Position, range } from "./position";
import { visible } from "./visible";

/** A file as it is read: `bytes` if it is not valid text. */
export interface Incoming {
  name: string;
  content: string;
  bytes?: Uint8Array<ArrayBuffer>;
}

interface Tab {
  name: string;
  /** The state of its editor when it was last hidden. */
  state: EditorState;
  /** The original contents, until the user edits the text. */
  bytes: Uint8Array<ArrayBuffer> | undefined;
}

/** A range to underline in a file. */
export interface Mark extends Position {
  file: string;
  severity: Diagnostic["severity"];
  source: string;
  message: string;
}

/** The maximum number of underlined ranges per file. */
const MARKS = 1000;

export class Pane {
  readonly name: string;
  readonly #hint: string;
  readonly #changed: () => void;
  readonly #strip: HTMLElement;
  readonly #panel: HTMLElement;
  readonly #view: EditorView;
  #tabs: Tab[] = [];
  #active = 0;
  #files: File[] | undefined;

  constructor(id: "manifests" | "allowlists", hint: string, changed: () => void) {
    this.name = id;
    this.#hint = hint;
    this.#changed = changed;
    this.#strip = byId(`${id}-tabs`);
    this.#panel = byId(`${id}-editor`);
    this.#tabs = [this.#tab({ name: this.#freshName(), content: "" })];
    this.#view = new EditorView({ state: this.#current().state, parent: this.#panel });
    this.#draw();
  }

  /** The files to check. The same array until something changes. */
  files(): File[] {
    this.#files ??= this.#tabs
      .map((tab, index) => ({ name: tab.name, content: tab.bytes ?? this.#state(index).doc.toString() }))
      .filter(({ content }) => typeof content !== "string" || content.trim() !== "");
    return this.#files;
  }

  /** The texts, for a link. */
  texts(): { name: string; content: string }[] {
    const texts = this.#tabs.map((tab, index) => ({ name: tab.name, content: this.#state(index).doc.toString() }));
    return texts.filter(({ content }) => content.trim() !== "");
  }

  /** Replaces all files. */
  replace(files: Incoming[]): void {
    this.#tabs = [];
    this.#open(files.length > 0 ? files : [{ name: this.#freshName(), content: "" }]);
    this.#show(0);
  }

  /** Adds files, and replaces files with the same name and an initial empty file. */
  add(files: Incoming[]): void {
    this.#keep();
    const names = new Set(files.map((file) => file.name));
    this.#tabs = this.#tabs.filter((tab) => !names.has(tab.name) && tab.state.doc.length > 0);
    const first = this.#tabs.length;
    this.#open(files);
    this.#show(first);
  }

  /** Underlines ranges, each in its file. */
  mark(marks: Mark[]): void {
    this.#keep();
    const of = Map.groupBy(marks, (mark) => mark.file);
    for (const [index, tab] of this.#tabs.entries()) {
      const diagnostics = (of.get(tab.name) ?? []).slice(0, MARKS).map((mark) => ({
        ...range(tab.state.doc, mark),
        severity: mark.severity,
        source: visible(mark.source),
        message: mark.message.split("\n").map(visible).join("\n"),
      }));
      diagnostics.sort((one, other) => one.from - other.from || one.to - other.to);
      const transaction = setDiagnostics(tab.state, diagnostics);
      if (index === this.#active) this.#view.dispatch(transaction);
      else tab.state = tab.state.update(transaction).state;
    }
  }

  /** Goes to a position: opens its file, centers its line, and selects the value. */
  reveal(file: string, position: Position): void {
    const index = this.#tabs.findIndex((tab) => tab.name === file);
    if (index < 0) return;
    this.#show(index);
    const { from, to } = range(this.#view.state.doc, position);
    this.#view.dispatch({
      selection: { anchor: from, head: to },
      effects: EditorView.scrollIntoView(from, { y: "center" }),
    });
    this.#view.focus();
  }

  #current(): Tab {
    const tab = this.#tabs[this.#active];
    if (tab === undefined) throw new Error(`${this.name} has no file`);
    return tab;
  }

  #state(index: number): EditorState {
    return index === this.#active ? this.#view.state : (this.#tabs[index] ?? this.#current()).state;
  }

  /** Saves the state of the editor. */
  #keep(): void {
    this.#current().state = this.#view.state;
  }

  #tab({ name, content, bytes }: Incoming): Tab {
    const tab: Tab = {
      name,
      bytes,
      state: editorState(content, `${this.name}: ${name}`, this.#hint, () => {
        tab.bytes = undefined;
        this.#edited();
      }),
    };
    return tab;
  }

  #open(files: Incoming[]): void {
    for (const file of files) {
      // Reports and marks identify a file by its name.
      const taken = new Set(this.#tabs.map((tab) => tab.name));
      let name = file.name;
      for (let count = 2; taken.has(name); count += 1) name = `${file.name} (${count})`;
      this.#tabs.push(this.#tab({ ...file, name }));
    }
  }

  #freshName(): string {
    const stem = this.name === "manifests" ? "manifest" : "allowlist";
    const taken = new Set(this.#tabs.map((tab) => tab.name));
    let name = `${stem}.yaml`;
    for (let count = 2; taken.has(name); count += 1) name = `${stem}-${count}.yaml`;
    return name;
  }

  #edited(): void {
    this.#files = undefined;
    this.#changed();
  }

  #show(index: number): void {
    this.#active = Math.min(index, this.#tabs.length - 1);
    this.#view.setState(this.#current().state);
    this.#draw();
    this.#edited();
  }

  #select(index: number): void {
    if (index === this.#active) return;
    this.#keep();
    this.#active = index;
    this.#view.setState(this.#current().state);
    this.#draw();
  }

  #close(index: number): void {
    this.#keep();
    this.#tabs.splice(index, 1);
    if (this.#tabs.length === 0) this.#open([{ name: this.#freshName(), content: "" }]);
    this.#show(index < this.#active ? this.#active - 1 : this.#active);
    this.#view.focus();
  }

  #create(): void {
    this.#keep();
    this.#open([{ name: this.#freshName(), content: "" }]);
    this.#show(this.#tabs.length - 1);
    this.#view.focus();
  }

  #draw(): void {
    const tabs = this.#tabs.map((tab, index) => {
      const active = index === this.#active;
      const id = `${this.name}-tab-${index}`;
      if (active) this.#panel.setAttribute("aria-labelledby", id);
      const select = h(
        "button",
        {
          type: "button",
          role: "tab",
          id,
          title: tab.name,
          "aria-selected": String(active),
          "aria-controls": this.#panel.id,
          tabindex: active ? 0 : -1,
          click: () => this.#select(index),
          keydown: (event) => this.#steer(event as KeyboardEvent, index),
        },
        tab.name,
      );
      return select;
    });
    this.#strip.replaceChildren(...tabs);
    const actions = byId(`${this.name}-tab-actions`);
    const { name } = this.#current();
    actions.replaceChildren(
      h("button", { type: "button", class: "icon", "aria-label": `Close ${name}`, click: () => this.#close(this.#active) }, "×"),
      h("button", { type: "button", class: "icon", "aria-label": `New file in ${this.name}`, click: () => this.#create() }, "+"),
    );
  }

  /** Arrow keys move between tabs; Delete closes one. */
  #steer(event: KeyboardEvent, index: number): void {
    const last = this.#tabs.length - 1;
    const target = { ArrowLeft: index === 0 ? last : index - 1, ArrowRight: index === last ? 0 : index + 1, Home: 0, End: last }[event.key];
    if (event.key === "Delete") this.#close(index);
    else if (target !== undefined) {
      this.#select(target);
      this.#strip.querySelectorAll<HTMLElement>("[role=tab]")[target]?.focus();
    } else return;
    event.preventDefault();
  }
}
