// The underlined ranges of a report in each editor.

import type { Report } from "hallpass-policy/web";
import type { Mark } from "./pane";
import type { Level } from "./tabs";

export function marks(report: Report, allowlistFiles: Set<string>): { manifests: Mark[]; allowlists: Mark[] } {
  const manifests: Mark[] = [];
  const allowlists: Mark[] = [];
  for (const [problems, severity] of [[report.errors, "error"], [report.warnings, "warning"]] as const) {
    for (const { file, line, column, endColumn, message, help } of problems) {
      if (line === null || column === null) continue;
      const side = allowlistFiles.has(file) ? allowlists : manifests;
      side.push({ file, line, column, endColumn, severity, source: severity, message, help });
    }
  }
  for (const { file, verdict, violations, mismatches } of report.results) {
    for (const { line, column, endColumn, constraint, message } of violations) {
      const severity = verdict === "denied" ? "error" : "info";
      manifests.push({ file, line, column, endColumn, severity, source: constraint, message });
    }
    // The others are only in the list: a value that matches one allowlist may not match the next.
    const nearest = mismatches.find((mismatch) => mismatch.allowlistFile !== null)?.allowlist;
    for (const mismatch of mismatches) {
      if (nearest !== undefined && mismatch.allowlist !== nearest) continue;
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
