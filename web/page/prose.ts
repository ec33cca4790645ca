// Text of messages, in which backticks mark code.

import { h } from "./dom";

/** Shows text in backticks as code. */
export function prose(text: string): HTMLElement {
  const parts = split(text);
  return h("span", {}, parts === undefined ? text : parts.map((part, index) => (index % 2 === 1 ? h("code", {}, part) : part)));
}

/** Returns text and code in turns; `undefined` if a closing backtick is missing, so that nothing is code. */
export function split(text: string): string[] | undefined {
  const parts = text.split("`");
  return parts.length % 2 === 0 ? undefined : parts;
}
