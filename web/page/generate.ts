// Replaces the allowlists with those that `hallpass generate` writes for the manifests.

import type { Generation, WorkloadPlace } from "hallpass-policy/web";
import { counted } from "./dom";
import type { Incoming } from "./pane";

/** What to show after a generation: the files, or why there are none. */
export type Generated = { files: Incoming[]; what: string } | { message: string; level: "note" | "error" };

export function generated({ yaml, allowlists, admitted, errors }: Generation): Generated {
  const [error, ...others] = errors;
  if (error !== undefined) {
    const place = [error.file, error.line, error.column].filter((part) => part !== null && part !== "").join(":");
    const more = others.length > 0 ? `, and ${counted(others.length, "more error")}` : "";
    const help = error.help === null ? "" : ` (${error.help})`;
    return { message: `No allowlist was generated: ${place === "" ? "" : `${place}: `}${error.message}${help}${more}`, level: "error" };
  }
  const [first, ...rest] = allowlists;
  if (yaml === null || first === undefined) {
    return { message: `No allowlist is needed: ${admitted.map(titled).join(", ")} would be admitted without one.`, level: "note" };
  }
  const exempts = allowlists.reduce((count, allowlist) => count + allowlist.exempts.length, 0);
  const remarks = allowlists.reduce((count, allowlist) => count + allowlist.remarks.length, 0);
  const names = `${first.name}${rest.length > 0 ? ` and ${counted(rest.length, "more allowlist")}` : ""}`;
  const decide = remarks > 0 ? `, with ${counted(remarks, "comment")} on what to decide` : "";
  return {
    files: [{ name: rest.length > 0 ? "allowlists.yaml" : `${first.name}.yaml`, content: yaml }],
    what: `You generated ${names} for ${counted(exempts, "workload")}${decide}`,
  };
}

function titled({ kind, namespace, name }: WorkloadPlace): string {
  return `${kind} ${namespace === null ? "" : `${namespace}/`}${name ?? "(no name)"}`;
}
