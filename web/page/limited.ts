// Long lists, in parts.

import { counted, h } from "./dom";

/** The first of many, and a button to show more. */
export function limited<T>(all: T[], limit: number, noun: string, show: (item: T) => HTMLElement): HTMLElement[] {
  const shown = all.slice(0, limit).map(show);
  const rest = all.slice(limit);
  if (rest.length > 0) {
    const more = h("button", { type: "button", class: "more" }, `${counted(rest.length, `more ${noun}`)}: show`);
    more.addEventListener("click", () => {
      const next = limited(rest, limit, noun, show);
      more.replaceWith(...next);
      next[0]?.querySelector<HTMLElement>("button")?.focus();
    });
    shown.push(more);
  }
  return shown;
}
