// Small screens show one part of the page at a time, and the options on request.

import { byId } from "./dom";

export function openPart(part: string): void {
  document.body.dataset["part"] = part;
  for (const button of document.querySelectorAll<HTMLElement>("#parts button")) {
    button.setAttribute("aria-pressed", String(button.dataset["part"] === part));
  }
}

export function parts(): void {
  for (const button of document.querySelectorAll<HTMLElement>("#parts button")) {
    button.addEventListener("click", () => openPart(button.dataset["part"] ?? "results"));
  }
  byId("show-verdict").addEventListener("click", () => {
    openPart("results");
    byId("results").focus();
  });
  const options = byId("options");
  options.addEventListener("click", () => {
    const open = document.body.toggleAttribute("data-options");
    options.setAttribute("aria-expanded", String(open));
  });
}
