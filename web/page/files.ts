// Files that are dropped, chosen or pasted.

import type { Incoming, Pane } from "./pane";

async function read(files: File[]): Promise<Incoming[]> {
  return Promise.all(
    files.map(async (file) => {
      const bytes = new Uint8Array(await file.arrayBuffer());
      try {
        return { name: file.name, content: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
      } catch {
        // Shown as far as possible; the reader reports the invalid bytes.
        return { name: file.name, content: new TextDecoder().decode(bytes), bytes };
      }
    }),
  );
}

/** Accepts files that are dropped anywhere on a side, or selected with its button. */
export function accept(side: HTMLElement, button: HTMLElement, pane: Pane, failed: (message: string) => void): void {
  const take = (files: File[]) => {
    read(files).then(
      (read) => read.length > 0 && pane.add(read),
      // Usually a folder.
      () => failed("That could not be read. Drop files, not folders."),
    );
  };
  const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") === true;
  let depth = 0;
  const over = (change: number) => {
    depth = Math.max(0, depth + change);
    side.toggleAttribute("data-drop", depth > 0);
  };
  side.addEventListener("dragenter", (event) => holdsFiles(event) && over(1));
  side.addEventListener("dragleave", (event) => holdsFiles(event) && over(-1));
  // Runs before the editor, which would insert the text of a dropped file.
  side.addEventListener("dragover", (event) => holdsFiles(event) && event.preventDefault(), { capture: true });
  side.addEventListener(
    "drop",
    (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      event.stopPropagation();
      over(-depth);
      take([...(event.dataTransfer?.files ?? [])]);
    },
    { capture: true },
  );
  const chooser = document.createElement("input");
  chooser.type = "file";
  chooser.multiple = true;
  chooser.accept = ".yaml,.yml,.json";
  chooser.addEventListener("change", () => {
    take([...(chooser.files ?? [])]);
    chooser.value = "";
  });
  button.addEventListener("click", () => chooser.click());
}
