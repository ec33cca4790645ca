// The underlined ranges of a report in each editor.

import type { Report } from "hallpass-policy/web";
import type { Mark } from "./pane";

export function marks(report: Report, allowlistFiles: Set<string>): { manifests: Mark[]; allowlists: Mark[] } {
  const manifests: Mark[] = [];
  const allowlists: Mark[] = [];
  for (const [problems, severity] of [[report.errors, "error"], [report.warnings, "warning"]] as const) {
    for (const { file, line, column, endColumn, message, help } of problems) {
      if (line === null || column === null) continue;
      const text = help === null ? message : `${message}\n${help}`;
      const side = allowlistFiles.has(file) ? allowlists : manifests;
      side.push({ file, line, column, endColumn, severity, source: severity, message: text });
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
      const { line, column, endColumn, allowlistFile, rule, allowlist } = mismatch;
      const message = `${mismatch.message}\n${mismatch.help}`;
      manifests.push({ file, line, column, endColumn, severity: "warning", source: `${rule}, ${allowlist}`, message });
      if (allowlistFile === null || mismatch.allowlistLine === null || mismatch.allowlistColumn === null) continue;
      allowlists.push({
        file: allowlistFile,
        line: mismatch.allowlistLine,
        column: mismatch.allowlistColumn,
        endColumn: mismatch.allowlistEndColumn,
        severity: "warning",
        source: `${rule}, ${file}:${line}`,
        message,
      });
    }
  }
  return { manifests, allowlists };
}
