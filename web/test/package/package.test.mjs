// The npm package in Node: its functions, its types, and invalid arguments.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { examples } from "../../examples.mjs";
import init, { Policy, version } from "../../dist/npm/node.js";

const web = fileURLToPath(new URL("../../", import.meta.url));
const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");
const POD = "apiVersion: v1\nkind: Pod\nspec:\n  hostPID: yes\n  containers: [{name: agent, image: i}]\n";
const pod = [{ name: "pod.yaml", content: POD }];

/** A project that has the package as a dependency. */
let project;

before(async () => {
  project = await mkdtemp(join(tmpdir(), "hallpass-"));
  const modules = join(project, "node_modules");
  execFileSync("mkdir", [modules]);
  await symlink(join(web, "dist/npm"), join(modules, "hallpass-policy"));
  await writeFile(join(project, "package.json"), '{"type": "module"}');
});
after(() => rm(project, { recursive: true, force: true }));

function compile(...files) {
  const options = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--target", "es2022", "--lib", "es2023,dom,esnext.disposable"];
  const module = ["--module", "nodenext", "--types", ""];
  return spawnSync(process.execPath, [tsc, ...options, ...module, ...files], { cwd: project, encoding: "utf8" });
}

test("what is in force stays until the next load, which replaces it", async () => {
  await init();
  const policy = new Policy();
  assert.equal(policy.check(pod).results[0].verdict, "denied");
  const content = `
apiVersion: auto.gke.io/v1
kind: WorkloadAllowlist
metadata: {name: acme}
exemptions: [autogke-disallow-hostnamespaces]
matchingCriteria: {hostPID: true, containers: [{name: agent, image: i}]}
`;
  assert.deepEqual(policy.load([{ name: "acme.yaml", content }]).allowlists, ["acme"]);
  assert.equal(policy.check(pod).results[0].verdict, "exempted");
  assert.equal(policy.check(pod).results[0].allowlist, "acme");
  const { errors, allowlists } = policy.load([{ name: "acme.yaml", content: content.replace("exemptions", "exemption") }]);
  assert.deepEqual([allowlists, errors.map(({ file, line }) => `${file}:${line}`)], [[], ["acme.yaml:2"]]);
  const report = policy.check(pod);
  assert.deepEqual([report.results[0].verdict, report.errors], ["denied", errors]);
});

test("arguments of other types change nothing", () => {
  const policy = new Policy();
  policy.load([], { strict: true });
  for (const [files, options, message] of [
    ["a", {}, "files must be an array of `{name, content}`"],
    [[{ name: "a" }], {}, "the content of `a` must be a string or a Uint8Array"],
    [[{ nme: "a", content: "" }], {}, "a file has no field `nme`; did you mean `name`?"],
    [[{ content: "" }], {}, "a file must have a `name`, which is a string"],
    [[null], {}, "a file must be an object"],
    [[], { Strict: false }, "options has no field `Strict`; did you mean `strict`?"],
    [[], { strict: "no" }, "`strict` must be true or false"],
    [[], { gkeVersion: 1.34 }, "`gkeVersion` must be a string"],
    [[], { gkeVersion: "newest" }, "`newest` is not a GKE version; one looks like `1.32.0-gke.1000000`"],
    [[], "strict", "options must be an object"],
  ]) {
    assert.throws(() => policy.load(files, options), { message });
  }
  assert.throws(() => policy.check(POD), { message: "files must be an array of `{name, content}`" });
});

test("a check without a workload is an error, unless that is allowed", () => {
  const policy = new Policy();
  assert.deepEqual(
    policy.check([]).errors.map(({ message, help }) => `${message}: ${help}`),
    ["no workload was found: pass manifests of workloads such as Pods or DaemonSets, or set `allowEmpty`"],
  );
  policy.load([], { allowEmpty: true });
  assert.deepEqual(policy.check([]).errors, []);
});

test("its version is that of the package", async () => {
  const { version: expected } = JSON.parse(await readFile(join(web, "dist/npm/package.json"), "utf8"));
  assert.equal(version(), expected);
});

test("the package holds what it names, and nothing else", () => {
  const [{ files }] = JSON.parse(execFileSync("npm", ["pack", "--dry-run", "--json"], { cwd: join(web, "dist/npm"), encoding: "utf8" }));
  assert.deepEqual(files.map(({ path }) => path).sort(), [
    "README.md",
    "hallpass.d.ts",
    "hallpass.js",
    "hallpass_bg.wasm",
    "node.js",
    "package.json",
  ]);
});

test("both entry points have the types that they promise", async () => {
  await writeFile(join(project, "consumer.ts"), await readFile(join(web, "test/package/consumer.ts")));
  assert.deepEqual([compile("consumer.ts").stdout, compile("consumer.ts").status], ["", 0]);
  const typo = (await readFile(join(web, "test/package/consumer.ts"), "utf8")).replace("allowlistColumn", "allowlistColum");
  await writeFile(join(project, "typo.ts"), typo);
  assert.match(compile("typo.ts").stdout, /Property 'allowlistColum' does not exist/);
});

test("every field of real reports is in the types, and as they say", async () => {
  const policy = new Policy();
  const reports = [];
  for (const { manifests, allowlists, options } of await examples(join(web, ".."))) {
    policy.load(allowlists, options);
    reports.push(policy.check(manifests));
  }
  const everything = { name: "odd.yaml", content: `${POD}  hostPid: yes\n---\nkind: [\n` };
  policy.load([everything], {});
  reports.push(policy.check([everything]));
  // Literals, because a literal with an unknown field does not compile.
  const literal = (report) => `({ ...${JSON.stringify(report)} satisfies Report });`;
  const text = `import type { Report } from "hallpass-policy";\n${reports.map((report) => literal(report)).join("\n")}\n`;
  await writeFile(join(project, "reports.ts"), text);
  assert.deepEqual([compile("reports.ts").stdout, compile("reports.ts").status], ["", 0]);
  for (const [from, to, complaint] of [
    ['"schemaVersion":1', '"schemaVersion":1,"more":1', /'"more"' does not exist in type/],
    ['"verdict":"denied"', '"verdict":"refused"', /'"refused"' is not assignable to type 'Verdict'/],
  ]) {
    await writeFile(join(project, "typo.ts"), text.replace(from, to));
    assert.match(compile("typo.ts").stdout, complaint);
  }
});
