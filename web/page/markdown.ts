// The report as Markdown, for issues and pull requests. User input is text or code in it, never markup.

import type { AllowlistChange, Mismatch, Options, Outcome, Problem, Report, Violation } from "hallpass-policy/web";
import { changeOf, type Comparison, comparisons, consequences, distance, grouped, introduced, isNearMiss, named } from "./causes";
import { counted } from "./dom";
import { split } from "./prose";
import { visible } from "./visible";

export function markdown(report: Report, options: Options): string {
  const { summary, errors, warnings, notes, results } = report;
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
    ...section("Notes", notes.map(problem)),
    ...grouped(sorted).flatMap(outcome),
    ...(summary.notEvaluated.length > 0 ? [`Not evaluated: ${summary.notEvaluated.map(inline).join(", ")}`] : []),
  ].join("\n\n")}\n`;
}

function section(title: string, items: string[]): string[] {
  return items.length === 0 ? [] : [`## ${title}`, items.join("\n")];
}

function problem({ file, template, line, column, message, help }: Problem): string {
  const at = [file, line, column].filter((part) => part !== null && part !== "").join(":");
  return `- ${at === "" ? "" : `${code(at)}${origin(template)}: `}${inline(message)}${help === null ? "" : `\n  ${inline(help)}`}`;
}

/** The others of a group are denied for the same reasons. */
function outcome(group: Outcome[]): string[] {
  const [one, ...others] = group as [Outcome, ...Outcome[]];
  const { verdict, allowlist, noConnect } = one;
  const by = allowlist === null ? [] : [`By ${code(allowlist)}${noConnect === true ? "; exec, attach and port-forward will be blocked" : ""}.`];
  const remarks = [...one.assumptions.map(({ rule, message }) => `- assumes (${rule}): ${inline(message)}`), ...one.notes.map((note) => `- ${inline(note)}`)];
  const same = [`And ${counted(others.length, "other workload")}, for the same reasons:`, others.map((other) => `- ${title(other)}, ${place(other)}`).join("\n")];
  return [
    `## ${verdict}: ${title(one)}`,
    place(one),
    ...by,
    ...(others.length > 0 ? same : []),
    ...(verdict === "denied" ? reasons(one) : violations("Exempted from:", one.violations)),
    ...(remarks.length > 0 ? [remarks.join("\n")] : []),
  ];
}

function title(outcome: Outcome): string {
  const { kind, name } = named(outcome);
  return `${kind} ${code(name)}`;
}

function place({ file, line, template }: Outcome): string {
  return code(`${file}:${line}`) + origin(template);
}

function origin(template: string | undefined): string {
  return template === undefined ? "" : ` from ${code(template)}`;
}

/** The cause comes first. */
function reasons(one: Outcome): string[] {
  const compared = comparisons(one).flatMap(comparison);
  if (!isNearMiss(one)) return [...violations("Violations:", one.violations), ...compared];
  const { summary, others } = consequences(one);
  return [...compared, ...(summary === undefined ? [] : [`${inline(summary)}.`]), ...violations("Violations:", others)];
}

function violations(heading: string, violations: Violation[]): string[] {
  if (violations.length === 0) return [];
  const item = ({ constraint, line, column, message }: Violation) => `- ${line}:${column} ${code(constraint)}: ${code(message)}`;
  return [heading, violations.map(item).join("\n")];
}

/** What to change only for the allowlists that are meant for the workload. */
function comparison(comparison: Comparison): string[] {
  const { allowlist, mismatches, isCause } = comparison;
  const heading = `Against ${code(allowlist)}: ${distance(comparison)}`;
  return isCause ? [heading, mismatches.map((one, index) => mismatch(one, changeOf(mismatches, index))).join("\n")] : [heading];
}

function mismatch(one: Mismatch, change: AllowlistChange | undefined): string {
  const { rule, line, column, allowlistFile, allowlistLine, allowlistColumn } = one;
  const listed = allowlistFile === null || allowlistLine === null ? "" : `, ${code(`${allowlistFile}:${allowlistLine}:${allowlistColumn}`)}`;
  const text = [`${inline(one.message)}`, one.pitfall === null ? "" : `\n  ${inline(one.pitfall)}`, `\n  ${inline(one.help)}`].join("");
  const paste = change === undefined ? "" : `,\n  ${inline(introduced(change))}\n\n${fenced(change.yaml)}`;
  return `- **${rule}** ${line}:${column}${listed}: ${text}${paste}`;
}

/** YAML as a code block in a list item. */
function fenced(yaml: string): string {
  const fence = "`".repeat(Math.max(3, longestRun(yaml) + 1));
  const lines = yaml.trimEnd().split("\n").map(visible);
  return [`${fence}yaml`, ...lines, fence].map((line) => `  ${line}`).join("\n");
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
  const fence = "`".repeat(longestRun(shown) + 1);
  const space = /^[` ]|[` ]$/.test(shown) || shown === "" ? " " : "";
  return `${fence}${space}${shown}${space}${fence}`;
}

/** The length of the longest run of backticks. */
function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}

function escaped(text: string): string {
  return visible(text).replace(/[\\*_[\]<>#|~&!@]/g, "\\$&");
}
