// The report as Markdown, for issues and pull requests. User input is text or code in it, never markup.

import type { Mismatch, Options, Outcome, Problem, Report, Violation } from "hallpass-policy/web";
import { counted } from "./dom";
import { split } from "./prose";
import { visible } from "./visible";

export function markdown(report: Report, options: Options): string {
  const { summary, errors, warnings, results } = report;
  const counts = [
    summary.errors > 0 && counted(summary.errors, "error"),
    ...(["denied", "exempted", "admitted"] as const).map((verdict) => summary[verdict] > 0 && `${summary[verdict]} ${verdict}`),
  ].filter((count) => count !== false);
  const settings = [
    options.gkeVersion === undefined ? "no GKE version" : `GKE ${code(options.gkeVersion)}`,
    options.strict === true && "strict",
  ].filter((setting) => setting !== false);
  const order = ["denied", "exempted", "admitted"];
  const sorted = [...results].sort((one, other) => order.indexOf(one.verdict) - order.indexOf(other.verdict));
  return `${[
    `# hallpass: ${counts.join(", ") || "no workload was found"}`,
    `Checked offline by hallpass, with ${settings.join(", ")}. This is not GKE: the rules are reconstructed from public sources.`,
    ...(errors.length > 0 ? ["**The report contains errors: its verdicts prove nothing.**"] : []),
    ...section("Errors", errors.map(problem)),
    ...section("Warnings", warnings.map(problem)),
    ...sorted.flatMap(outcome),
    ...(summary.notEvaluated.length > 0 ? [`Not evaluated: ${summary.notEvaluated.map(inline).join(", ")}`] : []),
  ].join("\n\n")}\n`;
}

function section(title: string, items: string[]): string[] {
  return items.length === 0 ? [] : [`## ${title}`, items.join("\n")];
}

function problem({ file, line, column, message, help }: Problem): string {
  const at = [file, line, column].filter((part) => part !== null && part !== "").join(":");
  return `- ${at === "" ? "" : `${code(at)}: `}${inline(message)}${help === null ? "" : `\n  ${inline(help)}`}`;
}

function outcome(one: Outcome): string[] {
  const { verdict, kind, namespace, name, file, line, allowlist, noConnect } = one;
  const by = allowlist === null ? [] : [`By ${code(allowlist)}${noConnect === true ? "; exec, attach and port-forward will be blocked" : ""}.`];
  const remarks = [...one.assumptions.map(({ rule, message }) => `- assumes (${rule}): ${inline(message)}`), ...one.notes.map((note) => `- ${inline(note)}`)];
  return [
    `## ${verdict}: ${kind} ${code(`${namespace === null ? "" : `${namespace}/`}${name ?? "(no name)"}`)}`,
    code(`${file}:${line}`),
    ...by,
    ...violations(one),
    ...mismatches(one),
    ...(remarks.length > 0 ? [remarks.join("\n")] : []),
  ];
}

function violations({ violations, verdict }: Outcome): string[] {
  if (violations.length === 0) return [];
  const item = ({ constraint, line, column, message }: Violation) => `- ${line}:${column} ${code(constraint)}: ${code(message)}`;
  return [verdict === "denied" ? "Violations:" : "Exempted from:", violations.map(item).join("\n")];
}

function mismatches({ mismatches }: Outcome): string[] {
  return [...Map.groupBy(mismatches, (mismatch) => mismatch.allowlist)].flatMap(([allowlist, group]) => [
    `Against ${code(allowlist)}: ${counted(group.length, "mismatch")}${group[0]?.considered ? "" : ", not considered: the label names another one"}`,
    group.map(mismatch).join("\n"),
  ]);
}

function mismatch({ rule, line, column, message, help, allowlistFile, allowlistLine, allowlistColumn }: Mismatch): string {
  const listed = allowlistFile === null || allowlistLine === null ? "" : `, ${code(`${allowlistFile}:${allowlistLine}:${allowlistColumn}`)}`;
  return `- **${rule}** ${line}:${column}${listed}: ${inline(message)}\n  ${inline(help)}`;
}

/** A message: what it has in backticks is code. */
function inline(message: string): string {
  const parts = split(message);
  if (parts === undefined) return code(message);
  return parts.map((part, index) => (index % 2 === 1 ? code(part) : escaped(part))).join("");
}

/** Text as code, between more backticks than it contains. */
function code(text: string): string {
  const shown = visible(text);
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const space = /^[` ]|[` ]$/.test(shown) || shown === "" ? " " : "";
  return `${fence}${space}${shown}${space}${fence}`;
}

function escaped(text: string): string {
  return visible(text).replace(/[\\*_[\]<>#|~&!@]/g, "\\$&");
}
