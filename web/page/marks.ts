// The underlined ranges of a report in each editor.

import type { Report } from "hallpass-policy/web";
import { comparisons } from "./causes";
import type { Mark } from "./pane";
import type { Level } from "./tabs";

export function marks(report: Report, allowlistFiles: Set<string>): { manifests: Mark[]; allowlists: Mark[] } {
  const manifests: Mark[] = [];
  const allowlists: Mark[] = [];
  const problems = [
    [report.errors, "error", "error"],
    [report.warnings, "warning", "warning"],
    [report.notes, "info", "note"],
  ] as const;
  for (const [found, severity, source] of problems) {
    for (const { file, line, column, endColumn, message, help } of found) {
      if (line === null || column === null) continue;
      const side = allowlistFiles.has(file) ? allowlists : manifests;
      side.push({ file, line, column, endColumn, severity, source, message, help });
    }
  }
  for (const outcome of report.results) {
    const { file, verdict, violations } = outcome;
    for (const { line, column, endColumn, constraint, message } of violations) {
      const severity = verdict === "denied" ? "error" : "info";
      manifests.push({ file, line, column, endColumn, severity, source: constraint, message });
    }
    // The others are only in the list: a value that matches one allowlist may not match the next.
    for (const mismatch of comparisons(outcome).flatMap(({ isCause, mismatches }) => (isCause ? mismatches : []))) {
      const { line, column, endColumn, allowlistFile, rule, allowlist, message, help } = mismatch;
      manifests.push({ file, line, column, endColumn, severity: "warning", source: `${rule}, ${allowlist}`, message, help });
      if (allowlistFile === null || mismatch.allowlistLine === null || mismatch.allowlistColumn === null) continue;
      allowlists.push({
        file: allowlistFile,
        line: mismatch.allowlistLine,
        column: mismatch.allowlistColumn,
        endColumn: mismatch.allowlistEndColumn,
        severity: "warning",
        source: `${rule}, ${file}:${line}`,
        message,
        help,
      });
    }
  }
  return { manifests, allowlists };
}

/** The worst that the report says about each file, errors before denials. */
export function levels(report: Report, allowlistFiles: Set<string>): Record<"manifests" | "allowlists", Map<string, Level>> {
  const found = { manifests: new Map<string, Level>(), allowlists: new Map<string, Level>() };
  for (const { file, verdict } of report.results) if (verdict === "denied") found.manifests.set(file, "denied");
  for (const { file } of report.errors) found[allowlistFiles.has(file) ? "allowlists" : "manifests"].set(file, "error");
  return found;
}
