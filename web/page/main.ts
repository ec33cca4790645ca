// The page: manifests and allowlists, evaluated as you type.

import type { Report } from "hallpass-policy/web";
import { byId, counted, h } from "./dom";
import { start } from "./engine";
import { examples } from "./examples";
import { accept } from "./files";
import { type Input, Judge } from "./judge";
import { marks } from "./marks";
import { Pane } from "./pane";
import type { Linked } from "./permalink";
import { Results, type Side } from "./results";
import { linked, notice, shareButton } from "./sharing";
import { themeButton } from "./theme";

/** If the last request took longer than this, the page waits for the next key: as long, but at most `most`. Milliseconds. */
const PATIENCE = { least: 50, most: 400 };

const status = byId("status");
const version = byId<HTMLInputElement>("gke-version");
const strict = byId<HTMLInputElement>("strict");

const judge = new Judge(globalThis.hallpassWorker ?? start(), start, {
  judged(report, input) {
    took = performance.now() - asked;
    show(report, input);
  },
  failed(message) {
    setStatus("error", "Not checked");
    results.say("Not checked", message);
    mark([], []);
  },
  busy(open) {
    status.toggleAttribute("data-busy", open);
  },
});

const panes = {
  manifests: new Pane("manifests", "Paste manifests of workloads such as Pods or DaemonSets, or drop files here", changed),
  allowlists: new Pane("allowlists", "Paste the installed WorkloadAllowlists, or drop files here", changed),
};
const results = new Results(byId("results"), reveal, () => new Set(panes.allowlists.files().map((file) => file.name)));
let options: Input["options"] = { allowEmpty: true };
let due: ReturnType<typeof setTimeout> | undefined;
let changes = 0;
let asked = 0;
let took = 0;

function changed(): void {
  status.toggleAttribute("data-busy", true);
  clearTimeout(due);
  changes += 1;
  const change = changes;
  if (took > PATIENCE.least) due = setTimeout(ask, Math.min(took, PATIENCE.most));
  // Before the browser draws the key, so that the worker runs in parallel; once for all changes of an event.
  else queueMicrotask(() => change === changes && ask());
}

function ask(): void {
  asked = performance.now();
  judge.ask({ manifests: panes.manifests.files(), allowlists: panes.allowlists.files(), options });
}

function show(report: Report, input: Input): void {
  // If the text has changed in the meantime, the positions are outdated, and the next report is on its way. The editors
  // are updated first: their measurements are expensive after the list has changed.
  if (input.manifests === panes.manifests.files() && input.allowlists === panes.allowlists.files()) {
    const found = marks(report, new Set(input.allowlists.map((file) => file.name)));
    mark(found.manifests, found.allowlists);
  }
  if (input.manifests.length === 0 && report.errors.length === 0) {
    setStatus("idle", "Nothing to check");
    results.say("Nothing to check yet", "Paste manifests on the left, drop files, or select an example above.");
    return;
  }
  results.show(report);
  const { admitted, exempted, denied, errors } = report.summary;
  const parts = [
    errors > 0 && counted(errors, "error"),
    denied > 0 && `${denied.toLocaleString("en")} denied`,
    exempted > 0 && `${exempted.toLocaleString("en")} exempted`,
    admitted > 0 && `${admitted.toLocaleString("en")} admitted`,
  ].filter((part) => part !== false);
  const level = errors > 0 ? "error" : denied > 0 ? "denied" : exempted > 0 ? "exempted" : admitted > 0 ? "admitted" : "idle";
  setStatus(level, parts.join(", ") || "No workload was found");
}

function mark(manifests: Parameters<Pane["mark"]>[0], allowlists: Parameters<Pane["mark"]>[0]): void {
  panes.manifests.mark(manifests);
  panes.allowlists.mark(allowlists);
}

function setStatus(level: string, text: string): void {
  status.dataset["level"] = level;
  // Screen readers read this out, so it is updated only when it changes.
  if (byId("status-text").textContent !== text) byId("status-text").textContent = text;
}

function reveal(side: Side, file: string, position: Parameters<Pane["reveal"]>[1]): void {
  open(side);
  panes[side].reveal(file, position);
}

/** A phone shows one part of the page at a time. */
function open(part: string): void {
  document.body.dataset["part"] = part;
  for (const button of document.querySelectorAll<HTMLElement>("#parts button")) {
    button.setAttribute("aria-pressed", String(button.dataset["part"] === part));
  }
}

function readOptions(): void {
  const next: Input["options"] = { allowEmpty: true };
  if (version.value.trim() !== "") next.gkeVersion = version.value.trim();
  if (strict.checked) next.strict = true;
  options = next;
  changed();
}

function load(linked: Linked): void {
  version.value = linked.options.gkeVersion ?? "";
  strict.checked = linked.options.strict ?? false;
  panes.manifests.replace(linked.manifests);
  panes.allowlists.replace(linked.allowlists);
  readOptions();
}

function exampleMenu(): void {
  const menu = byId<HTMLSelectElement>("examples");
  const groups = Map.groupBy(examples, (example) => example.group);
  for (const [group, list] of groups) {
    const entries = list.map((example) => h("option", { value: examples.indexOf(example) }, example.title));
    menu.append(h("optgroup", { label: group }, entries));
  }
  menu.addEventListener("change", () => {
    const example = examples[Number(menu.value)];
    if (example !== undefined) load(example);
  });
}

async function openLink(): Promise<boolean> {
  const found = await linked();
  if (found !== undefined) {
    byId<HTMLSelectElement>("examples").value = "";
    load(found);
  }
  return found !== undefined;
}

exampleMenu();
themeButton(byId("theme"));
shareButton(byId("link"), () => ({
  manifests: panes.manifests.texts(),
  allowlists: panes.allowlists.texts(),
  options: { ...(options.gkeVersion && { gkeVersion: options.gkeVersion }), ...(options.strict && { strict: true }) },
}));
for (const side of ["manifests", "allowlists"] as const) {
  accept(byId(side), byId(`${side}-open`), panes[side], (message) => notice(message, "error"));
  byId(`${side}-clear`).addEventListener("click", () => panes[side].replace([]));
}
for (const button of document.querySelectorAll<HTMLElement>("#parts button")) {
  button.addEventListener("click", () => open(button.dataset["part"] ?? "results"));
}
for (const field of [version, strict]) field.addEventListener("input", readOptions);
addEventListener("hashchange", () => void openLink());

const first = examples[0];
if (location.hash.length > 1) void openLink().then((opened) => !opened && first !== undefined && load(first));
else if (first !== undefined) {
  byId<HTMLSelectElement>("examples").value = "0";
  load(first);
}
