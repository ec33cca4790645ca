// The faults in the allowlists: underlined in the editor, and as a list below it.

import type { LintFinding, LintReport, LintRule, Report } from "hallpass-policy/web";
import { byId, counted, h } from "./dom";
import { lintRuleButton } from "./explain";
import type { Mark } from "./pane";
import type { Position } from "./position";
import { prose } from "./prose";
import { limited } from "./limited";

/** The number of findings that are listed at once. */
const FINDINGS = 50;

/** From the most serious. */
const LEVELS = ["error", "warning", "note"] as const;

const SEVERITY = { error: "error", warning: "warning", note: "info" } as const;

/** A finding of a report, with its index, by which it can be fixed. */
interface Listed {
  finding: LintFinding;
  index: number;
}

/**
 * The findings of a report that concern the user. Only the names of `opened` files are the user's: the page names the others,
 * so it does not matter that they differ from their allowlists.
 */
export function listed(lint: LintReport, opened: Set<string>): Listed[] {
  const all = lint.findings.map((finding, index) => ({ finding, index }));
  return all.filter(({ finding: { rule, file } }) => rule !== "name-unlike-file" || opened.has(file));
}

/** The underlined ranges. What the report on the workloads says of the same value is not repeated. */
export function lintMarks(findings: Listed[], report: Report): Mark[] {
  const key = ({ file, line, column, message }: { file: string; line: number | null; column: number | null; message: string }) =>
    JSON.stringify([file, line, column, message]);
  const known = new Set([...report.errors, ...report.warnings].map(key));
  return findings
    .map(({ finding }) => finding)
    .filter((finding) => isOpen(finding) && !known.has(key(finding)))
    .map(({ file, line, column, endColumn, level, rule, message, help }) => ({
      file,
      line,
      column,
      endColumn,
      severity: SEVERITY[level],
      source: rule,
      message,
      help: help ?? null,
    }));
}

export interface Actions {
  /** Returns what is known of each rule. */
  rules(): Promise<LintRule[]>;
  reveal(file: string, position: Position): void;
  /** Fixes a finding of the shown report. */
  fix(finding: LintFinding, index: number): void;
}

export class LintList {
  readonly #list = byId("lint-list");
  readonly #summary = byId("lint-summary");
  readonly #actions: Actions;
  #shown = "";

  constructor(actions: Actions) {
    this.#actions = actions;
  }

  /** Lists the findings in `objects` objects. */
  show(findings: Listed[], objects: number): void {
    const shown = JSON.stringify(findings);
    byId("lint").hidden = objects === 0 && findings.length === 0;
    // Screen readers read this out, and findings keep their focus.
    if (shown === this.#shown && this.#list.childElementCount > 0) return;
    this.#shown = shown;
    // Suppressed ones last.
    const open = findings.filter(({ finding }) => isOpen(finding));
    const suppressed = findings.filter(({ finding }) => !isOpen(finding));
    const counts = LEVELS.map((level) => ({ level, count: open.filter(({ finding }) => finding.level === level).length }));
    byId("lint").dataset["level"] = counts.find(({ count }) => count > 0)?.level ?? "";
    const parts = counts.flatMap(({ level, count }) => (count > 0 ? [counted(count, level)] : []));
    if (suppressed.length > 0) parts.push(`${suppressed.length.toLocaleString("en")} suppressed`);
    this.#summary.textContent = `Lint: ${parts.join(", ") || "no findings"}`;
    this.#list.replaceChildren(
      ...(findings.length > 0
        ? limited([...open, ...suppressed], FINDINGS, "finding", ({ finding, index }) => this.#finding(finding, index))
        : [h("li", { class: "aside" }, "No rule has found anything in these allowlists.")]),
    );
  }

  #finding(finding: LintFinding, index: number): HTMLElement {
    const { rule, level, file, line, column, endColumn, message, help, related, suppressed } = finding;
    return h(
      "li",
      { class: `problem ${isOpen(finding) ? level : "suppressed"}` },
      h("p", { class: "finding" }, this.#jump(file, { line, column, endColumn }), prose(message)),
      h(
        "p",
        { class: "places" },
        h("span", { class: "tag" }, isOpen(finding) ? level : "suppressed"),
        lintRuleButton(rule, this.#actions.rules),
        this.#fixButton(finding, index),
      ),
      suppressed !== undefined && h("p", { class: "aside" }, prose(suppressed)),
      help !== undefined && h("p", { class: "help" }, prose(help)),
      related !== undefined && h("p", { class: "finding" }, this.#jump(related.file, related), prose(related.message)),
    );
  }

  #fixButton(finding: LintFinding, index: number): HTMLElement | undefined {
    const { fix, mayPermitMore, line } = finding;
    if (fix === undefined || !isOpen(finding)) return undefined;
    const label = `Fix: ${fix}${mayPermitMore === true ? " (may permit more)" : ""}`;
    const click = () => this.#actions.fix(finding, index);
    return h("button", { type: "button", class: "fix", "aria-label": `${label}, on line ${line}`, click }, prose(label));
  }

  #jump(file: string, position: Position): HTMLElement {
    const text = `${position.line}:${position.column}`;
    const title = `${file}, line ${position.line}: show in the allowlist`;
    return h("button", { type: "button", class: "jump", title, click: () => this.#actions.reveal(file, position) }, text);
  }
}

/** Whether no comment suppresses it. */
function isOpen({ suppressed }: LintFinding): boolean {
  return suppressed === undefined;
}
