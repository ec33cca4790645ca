// The report as a list: every finding with buttons that go to its lines.

import type { AllowlistChange, Assumption, Mismatch, Outcome, Problem, Report, Violation } from "hallpass-policy/web";
import {
  changeOf,
  type Comparison,
  comparisons,
  consequences,
  distance,
  grouped,
  introduced,
  isNearMiss,
  named,
} from "./causes";
import { arrange, counted, h } from "./dom";
import { constraintButton, ruleButton } from "./explain";
import { limited } from "./limited";
import type { Position } from "./position";
import { prose } from "./prose";
import { copyOnClick } from "./sharing";

export type Side = "manifests" | "allowlists";
export type Reveal = (side: Side, file: string, position: Position) => void;

/** The number of workloads, and of findings per workload, that are listed at once. Nobody reads a list of thousands. */
const WORKLOADS = 50;
const FINDINGS = 20;

/** Longer values are not repeated. */
const LINE = 400;

export class Results {
  readonly #list: HTMLElement;
  readonly #reveal: Reveal;
  readonly #allowlistFiles: () => Set<string>;
  /** The outcomes that are shown. Most do not change from one key to the next, and keep their expanded details. */
  #cards = new Map<string, HTMLElement>();

  constructor(list: HTMLElement, reveal: Reveal, allowlistFiles: () => Set<string>) {
    this.#list = list;
    this.#reveal = reveal;
    this.#allowlistFiles = allowlistFiles;
  }

  show(report: Report): void {
    const denied = report.results.filter((outcome) => outcome.verdict === "denied");
    const others = report.results.filter((outcome) => outcome.verdict !== "denied");
    const before = this.#cards;
    this.#cards = new Map();
    const card = (group: Outcome[]) => {
      const [first, ...others] = group as [Outcome, ...Outcome[]];
      const key = JSON.stringify([first, others.map((other) => [named(other), other.file, other.line])]);
      const card = before.get(key) ?? this.#outcome(first, others);
      // Two findings may be equal, even on one line: each has its own card.
      before.delete(key);
      this.#cards.set(key, card);
      return card;
    };
    const { notEvaluated, skipped } = report.summary;
    const remarks = [
      skipped > 0 && `${counted(skipped, "object")} of kinds that contain no Pods`,
      report.results.length > 0 && notEvaluated.length > 0 && `Not evaluated: ${notEvaluated.join(", ")}`,
    ].filter((remark) => remark !== false);
    arrange(this.#list, [
      ...this.#problems(report.errors, "error"),
      ...this.#problems(report.warnings, "warning"),
      ...this.#problems(report.notes, "note"),
      ...limited(grouped([...denied, ...others]), WORKLOADS, "workload", card),
      ...(remarks.length > 0 ? [h("p", { class: "aside" }, remarks.join(". "))] : []),
    ]);
  }

  /** Scrolls to the first finding. */
  toTop(): void {
    this.#list.scrollTop = 0;
  }

  /** Shows a message instead of a report. */
  say(title: string, message: string): void {
    this.#list.replaceChildren(h("div", { class: "card empty" }, h("h3", {}, title), h("p", {}, prose(message))));
  }

  #problems(problems: Problem[], level: "error" | "warning" | "note"): HTMLElement[] {
    const files = this.#allowlistFiles();
    return limited(problems, FINDINGS, level, (problem) => {
      const { file, line, column, endColumn, template } = problem;
      const side = files.has(file) ? "allowlists" : "manifests";
      const at = line !== null && column !== null ? { line, column, endColumn } : undefined;
      return h(
        "article",
        { class: `card problem ${level}` },
        h("p", { class: "finding" }, h("span", { class: "tag" }, level), at ? this.#jump(side, file, at) : file, prose(problem.message)),
        origin(template),
        problem.help !== null && h("p", { class: "help" }, prose(problem.help)),
      );
    });
  }

  /** `others` are denied for the same reasons. */
  #outcome(outcome: Outcome, others: Outcome[]): HTMLElement {
    const { verdict } = outcome;
    // The cause comes first.
    const reasons = isNearMiss(outcome)
      ? [this.#comparisons(outcome), this.#consequences(outcome)]
      : [this.#violations(outcome, outcome.violations), this.#comparisons(outcome)];
    return h(
      "article",
      { class: `card ${verdict}` },
      h("header", {}, h("span", { class: `verdict ${verdict}` }, verdict), this.#title("h3", outcome)),
      outcome.allowlist !== null &&
        h(
          "p",
          { class: "by" },
          "by ",
          h("strong", {}, outcome.allowlist),
          outcome.noConnect === true && "; exec, attach and port-forward will be blocked",
        ),
      this.#others(others),
      verdict === "denied" ? reasons.flat() : this.#exempted(outcome),
      outcome.assumptions.map(assumption),
      outcome.notes.map((note) => h("p", { class: "aside" }, prose(note))),
    );
  }

  #title(tag: "h3" | "span", outcome: Outcome): HTMLElement[] {
    const { kind, name } = named(outcome);
    const { file, line, template } = outcome;
    const place = this.#jump("manifests", file, { line, column: 1 }, `${file}:${line}`);
    return [h(tag, { class: "title" }, `${kind} ${name}`), place, ...origin(template)];
  }

  #others(others: Outcome[]): HTMLElement[] {
    if (others.length === 0) return [];
    const list = limited(others, WORKLOADS, "workload", (other) => h("li", { class: "finding" }, this.#title("span", other)));
    const summary = h("summary", {}, `and ${counted(others.length, "other workload")}, for the same reasons`);
    return [h("details", { class: "others" }, summary, h("ul", {}, list))];
  }

  #exempted(outcome: Outcome): HTMLElement[] {
    const { violations } = outcome;
    if (violations.length === 0) return [];
    const summary = h("summary", {}, `exempted from ${counted(violations.length, "violation")}`);
    return [h("details", {}, summary, this.#violations(outcome, violations))];
  }

  /** Violations that the nearest allowlist lifts are consequences of the mismatches. */
  #consequences(outcome: Outcome): HTMLElement[] {
    const { summary, lifted, others } = consequences(outcome);
    const folded = summary && h("details", { class: "lifted" }, h("summary", {}, prose(summary)), this.#violations(outcome, lifted));
    return [...(folded ? [folded] : []), ...this.#violations(outcome, others)];
  }

  #violations({ file }: Outcome, violations: Violation[]): HTMLElement[] {
    const groups = [...Map.groupBy(violations, (violation) => violation.constraint)];
    return groups.map(([constraint, group]) =>
      h(
        "section",
        { class: "constraint" },
        h("h4", {}, constraintButton(constraint), !group[0]?.exemptible && h("span", { class: "aside" }, " no allowlist can exempt from it")),
        h("ul", {}, limited(group, FINDINGS, "violation", (violation) => this.#violation(file, violation))),
      ),
    );
  }

  #violation(file: string, violation: Violation): HTMLElement {
    return h("li", { class: "finding" }, this.#jump("manifests", file, violation), prose(violation.message));
  }

  #comparisons(outcome: Outcome): HTMLElement[] {
    return comparisons(outcome).map((comparison) => this.#comparison(outcome, comparison));
  }

  #comparison({ file }: Outcome, comparison: Comparison): HTMLElement {
    const { allowlist, mismatches, isCause } = comparison;
    const summary = h("summary", {}, "against ", h("strong", {}, allowlist), `: ${distance(comparison)}`);
    const items = mismatches.map((mismatch, index) => ({ mismatch, change: changeOf(mismatches, index) }));
    const list = limited(items, FINDINGS, "mismatch", ({ mismatch, change }) => this.#mismatch(file, mismatch, change));
    return h("details", { class: "against", open: isCause }, summary, h("ul", {}, list));
  }

  #mismatch(file: string, mismatch: Mismatch, change: AllowlistChange | undefined): HTMLElement {
    const { allowlistFile, allowlistLine: line, allowlistColumn: column, allowlistEndColumn: endColumn } = mismatch;
    // The lines behind the buttons contain the difference of a long value, and the message repeats it.
    const { expected } = mismatch;
    const isShort = expected !== null && !expected.includes("\n") && expected.length <= LINE;
    const has = isShort ? h("p", { class: "has" }, "the allowlist has ", prose(expected)) : undefined;
    return h(
      "li",
      { class: "mismatch" },
      h("p", { class: "finding" }, ruleButton(mismatch.rule), prose(mismatch.message)),
      h(
        "p",
        { class: "places" },
        this.#jump("manifests", file, mismatch),
        allowlistFile !== null &&
          line !== null &&
          column !== null &&
          this.#jump("allowlists", allowlistFile, { line, column, endColumn }, `${line}:${column} in the allowlist`),
      ),
      has,
      mismatch.pitfall !== null && h("p", { class: "pitfall" }, prose(mismatch.pitfall)),
      h("p", { class: "help" }, prose(mismatch.help)),
      change !== undefined && toPaste(change),
    );
  }

  #jump(side: Side, file: string, position: Position, text = `${position.line}:${position.column}`): HTMLElement {
    const where = side === "manifests" ? "manifest" : "allowlist";
    return h(
      "button",
      {
        type: "button",
        class: `jump ${side}`,
        title: `${file}, line ${position.line}: show in the ${where}`,
        click: () => this.#reveal(side, file, position),
      },
      text,
    );
  }
}

/** The template that Helm rendered to the document. */
function origin(template: string | undefined): HTMLElement[] {
  return template === undefined ? [] : [h("span", { class: "aside" }, ` from ${template}`)];
}

/** The change of the allowlist, with a button that copies it. */
function toPaste(change: AllowlistChange): HTMLElement[] {
  const lines = change.yaml.trimEnd().split("\n");
  const code = h("pre", { tabindex: 0, role: "group", "aria-label": "Change of the allowlist" }, lines.flatMap((line) => [line, h("br")]));
  const copy = h("button", { type: "button" }, "Copy");
  // If copying is not allowed, the text is selected for manual copying.
  copy.addEventListener("click", () => getSelection()?.selectAllChildren(code));
  copyOnClick(copy, () => change.yaml, "Press Ctrl+C");
  return [h("p", { class: "help" }, prose(introduced(change))), h("div", { class: "change" }, code, copy)];
}

function assumption({ rule, message }: Assumption): HTMLElement {
  return h("p", { class: "aside" }, ruleButton(rule), " assumes: ", prose(message));
}
