// The cause of a denial, in the order of `hallpass check`: the mismatches with the allowlist for the workload come before
// the violations that they leave.

import type { AllowlistChange, Compared, Mismatch, Outcome, Violation } from "hallpass-policy/web";
import { counted } from "./dom";

/** Returns each outcome with the later ones that are denied for the same reasons. */
export function grouped(outcomes: Outcome[]): Outcome[][] {
  // Two outcomes that are not denied are never equal.
  return [...Map.groupBy(outcomes, (outcome) => (outcome.verdict === "denied" ? reasons(outcome) : outcome)).values()];
}

/** Everything that is shown of a denial, except where it is. */
function reasons({ violations, mismatches, assumptions, notes }: Outcome): string {
  return JSON.stringify([
    violations.map(({ constraint, message }) => [constraint, message]),
    mismatches.map(({ allowlist, message, help, pitfall, allowlistChange }) => [allowlist, message, help, pitfall, allowlistChange?.yaml]),
    assumptions.map(({ message }) => message),
    notes,
  ]);
}

export function named({ kind, namespace, name }: Outcome): { kind: string; name: string } {
  return { kind, name: `${namespace === null ? "" : `${namespace}/`}${name ?? "(no name)"}` };
}

/** Mismatches with one allowlist. */
export interface Comparison {
  allowlist: string;
  compared: Compared | undefined;
  mismatches: Mismatch[];
  /** Whether these are the cause, or the label's allowlist is not loaded. */
  isCause: boolean;
}

/** Returns the comparisons with the nearest allowlists, nearest first. */
export function comparisons({ compared, mismatches }: Outcome): Comparison[] {
  let explained = false;
  return [...Map.groupBy(mismatches, (mismatch) => mismatch.allowlist)].map(([allowlist, group]) => {
    const its = compared.find((one) => one.allowlist === allowlist);
    const isCause = !explained && its?.related !== false;
    // An allowlist that is named by the label but not loaded has no explanation yet.
    if (isCause) explained = group.some((mismatch) => mismatch.allowlistLine !== null);
    return { allowlist, compared: its, mismatches: group, isCause };
  });
}

/** "3 mismatches", and whether the comparison counts. */
export function distance({ mismatches, compared }: Comparison): string {
  const considered = mismatches[0]?.considered !== false;
  const unrelated = compared?.related === false ? ", for another workload" : "";
  return `${counted(compared?.mismatches ?? mismatches.length, "mismatch")}${considered ? unrelated : ", not considered: the label names another one"}`;
}

/** The violations that are gone once the mismatches are, in one sentence, and the others. */
export interface Consequences {
  summary: string | undefined;
  lifted: Violation[];
  others: Violation[];
}

export function consequences(outcome: Outcome): Consequences {
  const { violations } = outcome;
  const cause = comparisons(outcome).find(({ isCause, compared }) => isCause && compared !== undefined);
  const exempts = new Set(cause?.compared?.exempts);
  const lifted = violations.filter(({ constraint }) => exempts.has(constraint));
  const others = violations.filter(({ constraint }) => !exempts.has(constraint));
  if (cause === undefined || lifted.length === 0) return { summary: undefined, lifted: [], others };
  const label = cause.compared?.considered === false ? " and the label names it" : "";
  const once = `by \`${cause.allowlist}\` once ${cause.compared?.mismatches === 1 ? "this matches" : "these match"}${label}`;
  const some = others.length > 0 ? `${lifted.length} of them ` : lifted.length > 1 ? "all " : "";
  return { summary: `${counted(violations.length, "violation")}, ${some}lifted ${once}`, lifted, others };
}

/** Whether the mismatches come before the violations. */
export function isNearMiss(outcome: Outcome): boolean {
  return comparisons(outcome).some(({ isCause }) => isCause);
}

/** Says where to paste a change of an allowlist. */
export function introduced({ path, yaml }: AllowlistChange): string {
  const steps = path.split("/").slice(1);
  const place = steps.reduce((all, step) => all + (/^\d+$/.test(step) ? `[${step}]` : `${all && "."}${step}`), "");
  const what = place === "" ? "set at the top level" : `${yaml.startsWith("- ") ? "add to" : "set in"} \`${place}\``;
  return `or, as an author of the allowlist, ${what}:`;
}

/** Returns the change of a mismatch, unless an earlier mismatch has the same. */
export function changeOf(mismatches: Mismatch[], index: number): AllowlistChange | undefined {
  const change = mismatches[index]?.allowlistChange;
  const isSame = (one?: AllowlistChange | null) => one?.path === change?.path && one?.yaml === change?.yaml;
  return change == null || mismatches.slice(0, index).some((before) => isSame(before.allowlistChange)) ? undefined : change;
}
