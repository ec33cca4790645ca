// Code of a user of the package.

import init, {
  diff,
  type DifferenceReport,
  type File,
  fix,
  generate,
  type GenerateOptions,
  type Generation,
  lint,
  type LintReport,
  lintRules,
  type Loaded,
  type Options,
  Policy,
  type Report,
  version,
} from "hallpass-policy";
import web, { type Mismatch } from "hallpass-policy/web";

await init();
await web({ module_or_path: "hallpass_bg.wasm" });
await web({ module_or_path: Promise.resolve(new Uint8Array([0])) });

const options: Options = { gkeVersion: "1.34.1-gke.1000000", strict: true };
const profiles: Options[] = [{ profile: "kubernetes" }, { profile: { name: "profile.yaml", content: "" } }];
const files: File[] = [
  { name: "a.yaml", content: "kind: List" },
  { name: "b.yaml", content: new Uint8Array([1, 2]) },
];
const policy = new Policy();
const loaded: Loaded = policy.load(files, options);
policy.load(files);
for (const profile of profiles) policy.load(files, profile);
const report: Report = policy.check(files);
const place = ({ allowlistLine, allowlistColumn }: Mismatch): string => `${allowlistLine ?? 0}:${allowlistColumn ?? 0}`;
const denied = report.results.filter(({ verdict }) => verdict === "denied");
const lines: string[] = denied.flatMap(({ mismatches }) => mismatches.map(place));
export const shown: [string, number, number] = [version(), loaded.errors.length + lines.length, report.summary.denied];
policy.free();
{
  using other = new Policy();
  other.check(files);
}

const wanted: GenerateOptions = { name: "acme-v1", merge: true, patterns: ["args"] };
const generation: Generation = generate(files, wanted);
const difference: DifferenceReport = diff(files, files, { allow: ["image", "app-armor"] });
const faults: LintReport = lint(files);
export const authored: (string | null)[] = [
  generation.yaml,
  ...difference.allowlists.flatMap(({ wider }) => wider.map(({ may }) => may)),
  ...faults.findings.map(({ rule }) => rule),
  fix(files, 0).content,
  ...lintRules().map(({ rationale }) => rationale),
];
