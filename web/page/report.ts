// Copies and downloads the report, as Markdown or as JSON.

import type { Options, Report } from "hallpass-policy/web";
import { byId } from "./dom";
import { markdown } from "./markdown";
import { copyOnClick } from "./sharing";
import { visibleJson } from "./visible";

/** The report that the page shows, and the options that it was made with. */
export interface Shown {
  report: Report;
  options: Options;
}

export class ReportDialog {
  #shown: Shown | undefined;

  constructor() {
    const dialog = byId<HTMLDialogElement>("export");
    const copy = byId("export-copy");
    byId("report").addEventListener("click", () => {
      copy.textContent = "Copy";
      dialog.showModal();
    });
    byId("export-close").addEventListener("click", () => dialog.close());
    byId("export-download").addEventListener("click", () => this.#download());
    copyOnClick(copy, () => this.#content().text, "Not allowed: download it");
  }

  /** Offers this report, or none. */
  show(shown: Shown | undefined): void {
    this.#shown = shown;
    byId<HTMLButtonElement>("report").disabled = shown === undefined;
  }

  /** Waits for the next report. */
  setBusy(busy: boolean): void {
    for (const id of ["export-copy", "export-download"]) byId<HTMLButtonElement>(id).disabled = busy;
  }

  #content(): { text: string; name: string; type: string } {
    if (this.#shown === undefined) throw new Error("no report was shown");
    const { report, options } = this.#shown;
    const format = document.querySelector<HTMLInputElement>("#export [name=format]:checked")?.value;
    return format === "json"
      ? { text: visibleJson(report), name: "hallpass-report.json", type: "application/json" }
      : { text: markdown(report, options), name: "hallpass-report.md", type: "text/markdown" };
  }

  #download(): void {
    const { text, name, type } = this.#content();
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    // The browser has started to read it when the next task runs.
    setTimeout(() => URL.revokeObjectURL(link.href));
  }
}
