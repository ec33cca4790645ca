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

const SEVERITY = { error: "error", warning: "warning", note: "info" } as const;

/** The underlined ranges. What the report on the workloads says of the same value is not repeated. */
export function lintMarks(lint: LintReport, report: Report): Mark[] {
  const key = ({ file, line, column, message }: { file: string; line: number | null; column: number | null; message: string }) =>
    JSON.stringify([file, line, column, message]);
  const known = new Set([...report.errors, ...report.warnings].map(key));
  return lint.findings
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

  show(lint: LintReport): void {
    const shown = JSON.stringify(lint.findings);
    byId("lint").hidden = lint.summary.objects === 0 && lint.findings.length === 0;
    // Screen readers read this out, and findings keep their focus.
    if (shown === this.#shown && this.#list.childElementCount > 0) return;
    this.#shown = shown;
    byId("lint").dataset["level"] = (["error", "warning", "note"] as const).find((level) => lint.summary[`${level}s`] > 0) ?? "";
    this.#summary.textContent = summary(lint);
    const findings = lint.findings.map((finding, index) => ({ finding, index }));
    // Suppressed ones last.
    const parts = [findings.filter(({ finding }) => isOpen(finding)), findings.filter(({ finding }) => !isOpen(finding))];
    this.#list.replaceChildren(
      ...(findings.length > 0
        ? limited(parts.flat(), FINDINGS, "finding", ({ finding, index }) => this.#finding(finding, index))
        : [h("li", { class: "aside" }, "No rule has found anything in these allowlists.")]),
    );
  }

  #finding(finding: LintFinding, index: number): HTMLElement {
    const { rule, level, file, line, column, endColumn, message, help, related, fix, suppressed } = finding;
    return h(
      "li",
      { class: `problem ${isOpen(finding) ? level : "suppressed"}` },
      h("p", { class: "finding" }, this.#jump(file, { line, column, endColumn }), prose(message)),
      h(
        "p",
        { class: "places" },
        h("span", { class: "tag" }, isOpen(finding) ? level : "suppressed"),
        lintRuleButton(rule, this.#actions.rules),
        fix !== undefined &&
          isOpen(finding) &&
          h("button", { type: "button", class: "fix", "aria-label": `Fix: ${fix}, on line ${line}`, click: () => this.#actions.fix(finding, index) }, `Fix: ${fix}`),
      ),
      suppressed !== undefined && h("p", { class: "aside" }, prose(suppressed)),
      help !== undefined && h("p", { class: "help" }, prose(help)),
      related !== undefined && h("p", { class: "finding" }, this.#jump(related.file, related), prose(related.message)),
    );
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

/** `Lint: 1 error, 2 notes` */
function summary({ summary: { errors, warnings, notes, suppressed } }: LintReport): string {
  const counts = [
    errors > 0 && counted(errors, "error"),
    warnings > 0 && counted(warnings, "warning"),
    notes > 0 && counted(notes, "note"),
    suppressed > 0 && `${suppressed.toLocaleString("en")} suppressed`,
  ].filter((count) => count !== false);
  return `Lint: ${counts.join(", ") || "no findings"}`;
}
