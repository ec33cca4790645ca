// The names of a side's files, each with the button that closes it: a toolbar, because a tab list may contain only tabs.

import { h } from "./dom";

/** What a report says about a file, at worst. */
export type Level = "denied" | "error";

export interface Actions {
  select(index: number): void;
  close(index: number): void;
  create(): void;
}

export class Tabs {
  readonly #strip: HTMLElement;
  readonly #actions: Actions;
  readonly #scroller: HTMLElement;
  #names: string[] = [];
  #active = 0;
  #levels = new Map<string, Level>();

  constructor(strip: HTMLElement, side: string, actions: Actions) {
    this.#strip = strip;
    this.#actions = actions;
    this.#scroller = h("div", { class: "tabs" });
    const create = h(
      "button",
      { type: "button", class: "icon new", tabindex: -1, "aria-label": `New file in ${side}`, click: () => actions.create() },
      "+",
    );
    strip.append(this.#scroller, create);
    strip.addEventListener("keydown", (event) => this.#steer(event));
  }

  draw(names: string[], active: number): void {
    this.#names = names;
    this.#active = active;
    const focused = this.#strip.contains(document.activeElement);
    this.#scroller.replaceChildren(...names.map((name, index) => this.#tab(name, index)));
    this.#mark();
    if (focused) this.#move(2 * active);
    this.#scroller.children[active]?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** Marks files that are denied or invalid. */
  rate(levels: Map<string, Level>): void {
    this.#levels = levels;
    this.#mark();
  }

  #tab(name: string, index: number): HTMLElement {
    const active = index === this.#active;
    return h(
      "span",
      { class: "tab" },
      h(
        "button",
        {
          type: "button",
          class: "name",
          title: name,
          "aria-pressed": String(active),
          "aria-keyshortcuts": "Delete",
          tabindex: active ? 0 : -1,
          click: () => this.#actions.select(index),
        },
        h("span", { class: "level" }),
        h("span", {}, name),
      ),
      h(
        "button",
        { type: "button", class: "icon close", tabindex: -1, "aria-label": `Close ${name}`, click: () => this.#actions.close(index) },
        "×",
      ),
    );
  }

  #mark(): void {
    for (const [index, name] of this.#names.entries()) {
      const tab = this.#scroller.children[index] as HTMLElement;
      const level = this.#levels.get(name);
      if (level === undefined) delete tab.dataset["level"];
      else tab.dataset["level"] = level;
      // Before the name, for screen readers; the style adds a symbol.
      const mark = tab.querySelector(".level");
      if (mark !== null) mark.textContent = level === undefined ? "" : `${level}: `;
    }
  }

  /** Arrow keys move between the buttons; Delete closes the file. */
  #steer(event: KeyboardEvent): void {
    const buttons = this.#buttons();
    const at = buttons.indexOf(event.target as HTMLElement);
    const last = buttons.length - 1;
    const target = { ArrowLeft: at === 0 ? last : at - 1, ArrowRight: at === last ? 0 : at + 1, Home: 0, End: last }[event.key];
    if (target !== undefined) this.#move(target);
    else if (event.key === "Delete" && at < last) this.#actions.close(at >> 1);
    else return;
    event.preventDefault();
  }

  #move(target: number): void {
    for (const [index, button] of this.#buttons().entries()) {
      button.tabIndex = index === target ? 0 : -1;
      if (index === target) button.focus();
    }
  }

  #buttons(): HTMLElement[] {
    return [...this.#strip.querySelectorAll("button")];
  }
}
