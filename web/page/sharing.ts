// Creates and opens links to the contents of the page.

import { byId, h } from "./dom";
import { decode, encode, type Linked } from "./permalink";
import { prose } from "./prose";

/** Mail programs and chats truncate longer links. */
const LONG = 8000;

/** Shows a notice above the editors until it is closed. */
export function notice(message: string, level: "note" | "error"): void {
  const close = h("button", { type: "button", class: "icon", "aria-label": "Close this note" }, "×");
  const bar = h("div", { class: `notice ${level}`, role: level === "error" ? "alert" : "status" }, prose(message), close);
  close.addEventListener("click", () => bar.remove());
  byId("notice").replaceChildren(bar);
}

/** Copies a text when the button is clicked; if the browser refuses, the button says so. */
export function copyOnClick(button: HTMLElement, text: () => string, refused: string): void {
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text());
      button.textContent = "Copied";
    } catch {
      button.textContent = refused;
    }
  });
}

export function shareButton(button: HTMLElement, current: () => Linked): void {
  const dialog = byId<HTMLDialogElement>("share");
  const field = byId<HTMLTextAreaElement>("share-link");
  const copy = byId("share-copy");
  const size = byId("share-size");
  button.addEventListener("click", async () => {
    const address = new URL(location.href);
    address.hash = await encode(current());
    field.value = address.href;
    const length = address.href.length.toLocaleString("en");
    size.textContent =
      address.href.length > LONG
        ? `It is ${length} characters long: some programs will cut it.`
        : `It is ${length} characters long.`;
    copy.textContent = "Copy link";
    dialog.showModal();
    field.select();
  });
  // If copying is not allowed, the link is selected for manual copying.
  copy.addEventListener("click", () => field.select());
  copyOnClick(copy, () => field.value, "Press Ctrl+C");
  byId("share-close").addEventListener("click", () => dialog.close());
}

/** Decodes the page's URL. A damaged link is reported. */
export async function linked(): Promise<Linked | undefined> {
  try {
    const found = await decode(location.hash);
    if (found !== undefined) {
      notice("Opened from a link. The link contains these manifests and allowlists: anyone who has it can read them.", "note");
    }
    return found;
  } catch (error) {
    const why = error instanceof SyntaxError || !(error instanceof Error) ? "it is damaged" : error.message;
    notice(`The link cannot be opened: ${why}. Ask for it again, or have the files sent.`, "error");
    return undefined;
  }
}
