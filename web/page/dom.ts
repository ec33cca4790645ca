// Creates elements without a framework. Text is inserted as text: user input is never parsed as HTML, and hidden
// characters are shown.

import { visible } from "./visible";

type Attributes = Record<string, string | number | boolean | ((event: Event) => void)>;
type Child = Node | string | undefined | false;

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Child | Child[])[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (typeof value === "boolean") element.toggleAttribute(name, value);
    else element.setAttribute(name, visible(String(value)));
  }
  const given = children.flat().filter((child) => child !== undefined && child !== false);
  element.append(...given.map((child) => (typeof child === "string" ? visible(child) : child)));
  return element;
}

/** The element of index.html with this id. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no #${id}`);
  return element as T;
}

export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : noun.endsWith("mismatch") ? "es" : "s"}`;
}

/** Sets the children of `parent`. Existing children in the right place stay, so they keep their focus and layout. */
export function arrange(parent: HTMLElement, children: HTMLElement[]): void {
  const wanted = new Set<ChildNode>(children);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  let next = parent.firstChild;
  for (const child of children) {
    if (child === next) next = child.nextSibling;
    else parent.insertBefore(child, next);
  }
}
