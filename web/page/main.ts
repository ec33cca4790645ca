// The page: manifests and allowlists, evaluated as you type.

import type { LintFinding, LintReport, LintRule, Report } from "hallpass-policy/web";
import { byId, counted, h } from "./dom";
import { start } from "./engine";
import { examples } from "./examples";
import { accept } from "./files";
import { generated } from "./generate";
import { type Input, Judge } from "./judge";
import { openPart, parts } from "./layout";
import { LintList, lintMarks, listed } from "./lint";
import { levels, marks } from "./marks";
import { type Mark, Pane, type Snapshot } from "./pane";
import type { Linked } from "./permalink";
import type { Position } from "./position";
import { prose } from "./prose";
import { ReportDialog } from "./report";
import { Results, type Side } from "./results";
import { linked, notice, shareButton } from "./sharing";
import { splitters } from "./splitters";
import type { Level } from "./tabs";
import { themeButton } from "./theme";
import { Undo } from "./undo";

/** If the last request took longer than this, the page waits for the next key: as long, but at most `most`. Milliseconds. */
const PATIENCE = { least: 50, most: 400 };

/** Everything that an example or a link replaces. */
interface State {
  manifests: Snapshot;
  allowlists: Snapshot;
  version: string;
  strict: boolean;
  example: string;
}

const status = byId("status");
const version = byId<HTMLInputElement>("gke-version");
const strict = byId<HTMLInputElement>("strict");
const menu = byId<HTMLSelectElement>("examples");

const judge = new Judge(globalThis.hallpassWorker ?? start(), start, {
  judged(report, lint, input) {
    took = performance.now() - asked;
    show(report, lint, input);
  },
  failed(message, fatal) {
    setStatus("error", "Not checked");
    results.say("Not checked", message);
    exported.show(undefined);
    mark([], []);
    rate(new Map(), new Map());
    // The page passes nothing else that can be invalid.
    if (!fatal) setVersionError(message);
  },
  // An answer may arrive while the page waits for the next key.
  busy: (open) => setBusy(open || due !== undefined),
});

const owner = { changed, losing: (what: string) => undo.before(`You ${what}`) };
const panes = {
  manifests: new Pane("manifests", "Paste manifests of workloads such as Pods or DaemonSets, or drop files here", owner),
  allowlists: new Pane("allowlists", "Paste the installed WorkloadAllowlists, or drop files here", owner),
};
const results = new Results(byId("results"), reveal, () => new Set(panes.allowlists.files().map((file) => file.name)));
let rules: Promise<LintRule[]> | undefined;
const lintList = new LintList({
  rules: () => (rules ??= judge.call("lintRules")),
  reveal: (file, position) => reveal("allowlists", file, position),
  fix: (finding, index) => void fix(finding, index),
});
const exported = new ReportDialog();
const undo = new Undo<State>(
  () => ({
    manifests: panes.manifests.snapshot(),
    allowlists: panes.allowlists.snapshot(),
    version: version.value,
    strict: strict.checked,
    example: shownExample,
  }),
  (state) => {
    panes.manifests.restore(state.manifests);
    panes.allowlists.restore(state.allowlists);
    setOptions(state.version, state.strict);
    setExample(state.example);
  },
);
/** The value of the menu before a selection. */
let shownExample = "";
let options: Input["options"] = { allowEmpty: true };
let due: ReturnType<typeof setTimeout> | undefined;
let changes = 0;
let asked = 0;
let took = 0;

function changed(): void {
  // So that the example can be selected again.
  if (isOwn()) setExample("");
  setBusy(true);
  clearTimeout(due);
  due = undefined;
  changes += 1;
  const change = changes;
  if (took > PATIENCE.least) due = setTimeout(ask, Math.min(took, PATIENCE.most));
  // Before the browser draws the key, so that the worker runs in parallel; once for all changes of an event.
  else queueMicrotask(() => change === changes && ask());
}

/** Whether a report is due: that on the screen is outdated. */
function setBusy(busy: boolean): void {
  status.toggleAttribute("data-busy", busy);
  exported.setBusy(busy);
}

function ask(): void {
  due = undefined;
  asked = performance.now();
  judge.ask({ manifests: panes.manifests.files(), allowlists: panes.allowlists.files(), options });
}

function show(report: Report, lint: LintReport, input: Input): void {
  // If the text has changed in the meantime, the positions are outdated, and the next report is on its way. The editors
  // are updated first: their measurements are expensive after the list has changed.
  const allowlists = new Set(input.allowlists.map((file) => file.name));
  const findings = listed(lint, panes.allowlists.opened());
  if (input.manifests === panes.manifests.files() && input.allowlists === panes.allowlists.files()) {
    const found = marks(report, allowlists);
    mark(found.manifests, [...found.allowlists, ...lintMarks(findings, report)]);
  }
  lintList.show(findings, lint.summary.objects);
  const worst = levels(report, allowlists);
  rate(worst.manifests, worst.allowlists);
  setVersionError("");
  if (input.manifests.length === 0 && report.errors.length === 0) {
    exported.show(undefined);
    setStatus("idle", "Nothing to check");
    results.say("Nothing to check yet", "Paste manifests on the left, drop files, or select an example above.");
    return;
  }
  results.show(report);
  exported.show({ report, options: input.options });
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

function mark(manifests: Mark[], allowlists: Mark[]): void {
  panes.manifests.mark(manifests);
  panes.allowlists.mark(allowlists);
}

function rate(manifests: Map<string, Level>, allowlists: Map<string, Level>): void {
  panes.manifests.rate(manifests);
  panes.allowlists.rate(allowlists);
}

function setStatus(level: string, text: string): void {
  status.dataset["level"] = level;
  // Screen readers read this out, so it is updated only when it changes.
  if (byId("status-text").textContent !== text) byId("status-text").textContent = text;
}

/** Names the invalid field; without a message, it is valid. */
function setVersionError(message: string): void {
  version.setAttribute("aria-invalid", String(message !== ""));
  byId("version-error").replaceChildren(...(message === "" ? [] : [prose(message)]));
}

function reveal(side: Side, file: string, position: Position): void {
  openPart(side);
  panes[side].reveal(file, position);
}

function readOptions(): void {
  const next: Input["options"] = { allowEmpty: true };
  if (version.value.trim() !== "") next.gkeVersion = version.value.trim();
  if (strict.checked) next.strict = true;
  options = next;
  changed();
}

function setOptions(gkeVersion: string, isStrict: boolean): void {
  version.value = gkeVersion;
  strict.checked = isStrict;
  readOptions();
}

function setExample(value: string): void {
  shownExample = value;
  menu.value = value;
}

/** Whether the editors contain text that the user wrote or opened. */
function isOwn(): boolean {
  return panes.manifests.isOwn() || panes.allowlists.isOwn();
}

/** Replaces everything. `what` says so if the user wrote or opened something of it. */
function load(linked: Linked, what: string, example = ""): void {
  if (isOwn()) undo.before(what);
  panes.manifests.replace(linked.manifests);
  panes.allowlists.replace(linked.allowlists);
  setOptions(linked.options.gkeVersion ?? "", linked.options.strict ?? false);
  setExample(example);
  results.toTop();
}

function exampleMenu(): void {
  const groups = Map.groupBy(examples, (example) => example.group);
  for (const [group, list] of groups) {
    const entries = list.map((example) => h("option", { value: examples.indexOf(example) }, example.title));
    menu.append(h("optgroup", { label: group }, entries));
  }
  menu.addEventListener("change", () => {
    const { value } = menu;
    const example = examples[Number(value)];
    if (value !== "" && example !== undefined) load(example, "An example replaced your files", value);
    else setExample(shownExample);
  });
}

async function fix(finding: LintFinding, index: number): Promise<void> {
  // The index is that of the shown report.
  if (status.hasAttribute("data-busy")) return;
  try {
    const { name, content } = await judge.call("fix", panes.allowlists.files(), index);
    panes.allowlists.rewrite(name, content);
    panes.allowlists.reveal(name, { ...finding, endColumn: undefined });
  } catch (error) {
    notice(error instanceof Error ? error.message : String(error), "error");
  }
}

async function generate(): Promise<void> {
  try {
    const result = generated(await judge.call("generate", panes.manifests.files()));
    if ("message" in result) {
      notice(result.message, result.level);
      return;
    }
    undo.before(result.what);
    panes.allowlists.replace(result.files);
    openPart("allowlists");
  } catch (error) {
    notice(`No allowlist was generated: ${error instanceof Error ? error.message : String(error)}`, "error");
  }
}

async function openLink(): Promise<boolean> {
  const found = await linked();
  if (found !== undefined) load(found, "A link replaced your files");
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
  byId(`${side}-clear`).addEventListener("click", () => panes[side].clear());
}
byId("generate").addEventListener("click", () => void generate());
parts();
splitters();
for (const field of [version, strict]) field.addEventListener("input", readOptions);
byId<HTMLInputElement>("wrap").addEventListener("input", (event) => {
  document.body.toggleAttribute("data-wrap", (event.target as HTMLInputElement).checked);
  for (const pane of [panes.manifests, panes.allowlists]) pane.measure();
});
addEventListener("hashchange", () => void openLink());
// The browser then asks, because the page stores nothing.
addEventListener("beforeunload", (event) => isOwn() && event.preventDefault());

const first = examples[0];
const loadFirst = () => first !== undefined && load(first, "", "0");
if (location.hash.length > 1) void openLink().then((opened) => !opened && loadFirst());
else loadFirst();
