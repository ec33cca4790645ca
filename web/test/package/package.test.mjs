// The npm package in Node: its functions, its types, and invalid arguments.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { examples } from "../../examples.mjs";
import init, { diff, fix, generate, lint, lintRules, Policy, version } from "../../dist/npm/node.js";

const web = fileURLToPath(new URL("../../", import.meta.url));
const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");
const POD = "apiVersion: v1\nkind: Pod\nspec:\n  hostPID: yes\n  containers: [{name: agent, image: i}]\n";
const pod = [{ name: "pod.yaml", content: POD }];

/** A project that has installed the package as npm publishes it. */
let project;

before(async () => {
  project = await mkdtemp(join(tmpdir(), "hallpass-"));
  await writeFile(join(project, "package.json"), '{"type": "module"}');
  const [{ filename }] = JSON.parse(npm(join(web, "dist/npm"), "pack", "--json", "--pack-destination", project));
  npm(project, "install", "--offline", "--no-audit", "--no-fund", filename);
});
after(() => rm(project, { recursive: true, force: true }));

function npm(folder, ...parameters) {
  return execFileSync("npm", parameters, { cwd: folder, encoding: "utf8" });
}

/** Compiles files without the DOM library, and checks every declaration. */
function compile(files, { module = "nodenext", lib = "es2022" } = {}) {
  const options = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--skipLibCheck", "false", "--target", "es2022"];
  const modules = ["--module", module, ...(module === "esnext" ? ["--moduleResolution", "bundler"] : [])];
  const parameters = [tsc, ...options, ...modules, "--lib", lib, "--types", "", ...files];
  const { status, stdout } = spawnSync(process.execPath, parameters, { cwd: project, encoding: "utf8" });
  return { status, stdout };
}

/** Runs a file of the project in Node. */
async function run(name, text, ...flags) {
  await writeFile(join(project, name), text);
  return spawnSync(process.execPath, [...flags, name], { cwd: project, encoding: "utf8" });
}

test("a profile is a name or a file", async () => {
  await init();
  const policy = new Policy();
  const node = POD.replace("hostPID: yes", "nodeSelector: {karpenter.sh/nodepool: tools}");
  const verdict = () => policy.check([{ name: "pod.yaml", content: node }]).results[0].verdict;
  policy.load([], { profile: "kubernetes" });
  assert.equal(verdict(), "admitted");
  policy.load([], { profile: "autopilot" });
  assert.equal(verdict(), "denied");
  assert.throws(() => policy.load([], { profile: "kubernets" }), {
    message: "no profile is named `kubernets`; did you mean `kubernetes`?",
  });
});

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

const ALLOWLIST = `apiVersion: auto.gke.io/v1
kind: WorkloadAllowlist
metadata:
  name: acme-v1
exemptions:
- autogke-disallow-hostnamespaces
matchingCriteria:
  hostPID: true
  containers:
  - name: agent
    image: i
`;

test("generates the allowlist that exempts a workload", () => {
  const { yaml, allowlists, admitted, errors } = generate(pod, { name: "acme-v1" });
  assert.equal(yaml, ALLOWLIST);
  const place = { file: "pod.yaml", line: 1, kind: "Pod", namespace: null, name: null };
  assert.deepEqual([allowlists, admitted, errors], [[{ name: "acme-v1", exempts: [place], remarks: [], separate: null }], [], []]);
  const policy = new Policy();
  policy.load([{ name: "acme-v1.yaml", content: yaml }]);
  assert.equal(policy.check(pod).results[0].verdict, "exempted");
});

test("generates nothing in part", () => {
  const broken = generate([...pod, { name: "broken.yaml", content: "kind: [" }]);
  assert.deepEqual([broken.yaml, broken.allowlists, broken.errors.map(({ file }) => file)], [null, [], ["broken.yaml"]]);
  const ephemeral = `${POD}  ephemeralContainers: [{name: debug, image: i}]\n`;
  const refused = generate([{ name: "pod.yaml", content: ephemeral }]);
  assert.equal(refused.yaml, null);
  assert.match(refused.errors[0].message, /no entries for ephemeral containers/);
  const admitted = generate([{ name: "pod.yaml", content: POD.replace("yes", "no") }]);
  assert.match(admitted.yaml, /^# admitted without an allowlist: Pod/);
  assert.deepEqual([admitted.allowlists, admitted.admitted.length], [[], 1]);
});

test("merges variants, with patterns where options ask for them", () => {
  const variants = ["debug", "info", "warn"].map((level) => ({
    name: `${level}.yaml`,
    content: POD.replace("Pod\n", "Pod\nmetadata: {name: agent}\n").replace("image: i", `image: i, args: [--level=${level}]`),
  }));
  assert.equal(generate(variants).allowlists.length, 3);
  const options = { merge: true, patterns: ["args"], minGkeVersion: "1.33.1-gke.1000000", profile: "kubernetes" };
  const { yaml, allowlists } = generate(variants, options);
  assert.match(yaml, /minGKEVersion: "1\.33\.1-gke\.1000000"\n[^]* - \^--level=\[a-z\]\+\$/);
  assert.deepEqual(allowlists[0].remarks.map(({ path }) => path), ["/matchingCriteria/containers/0/args/0"]);
});

test("compares allowlists by meaning", () => {
  const files = (content) => [{ name: "acme.yaml", content }];
  const newer = ALLOWLIST.replace("image: i", "image: ^i[0-9]*$");
  const { summary, allowlists } = diff(files(ALLOWLIST), files(newer));
  assert.deepEqual(summary, { allowlists: 1, wider: 1, allowed: 0, narrower: 0 });
  const [{ class: name, may, example, line }] = allowlists[0].wider;
  assert.deepEqual([name, may, example, line], ["image", "run `^i[0-9]*$`", "i0", 11]);
  assert.equal(diff(files(ALLOWLIST), files(newer), { allow: ["image"] }).summary.allowed, 1);
  assert.deepEqual(diff(files("kind: ["), []).errors.map(({ file }) => file), ["acme.yaml"]);
});

test("finds faults in allowlists, and says what its rules are", () => {
  const content = ALLOWLIST.replace("image: i", "image: registry.example/acme/agent:1.2");
  const { findings, errors, summary } = lint([{ name: "acme-v1.yaml", content }]);
  const tag = findings.find(({ rule }) => rule === "image-with-tag");
  assert.deepEqual([tag.level, tag.file, tag.line, tag.column, tag.fix], ["warning", "acme-v1.yaml", 11, 12, "remove the tag"]);
  assert.deepEqual([errors, summary.objects], [[], 1]);
  assert.deepEqual(lint([{ name: "bad.yaml", content: "kind: [" }]).errors.map(({ file }) => file), ["bad.yaml"]);
  const rules = lintRules();
  for (const { id, bad, good } of rules) assert.ok(bad !== good, id);
  assert.equal(rules.find(({ id }) => id === "image-with-tag").hasFix, true);
});

test("fixes a finding, and nothing else in the file", () => {
  const content = ALLOWLIST.replace("image: i", '# The tag is not part of it.\r\n    image: "registry.example/acme/agent:1.2" # pinned\r');
  const files = [{ name: "other.yaml", content: "kind: List" }, { name: "acme-v1.yaml", content }];
  const index = lint(files).findings.findIndex(({ rule }) => rule === "image-with-tag");
  assert.deepEqual(fix(files, index), { name: "acme-v1.yaml", content: content.replace("agent:1.2", "agent") });
  assert.throws(() => fix(files, 99), { name: "Error", message: "finding 99 has no fix" });
  const folded = ALLOWLIST.replace("image: i", 'image: "registry.example/acme/\\\n      agent:1.2"');
  const lines = [{ name: "acme-v1.yaml", content: folded }];
  const tagged = lint(lines).findings.findIndex(({ rule }) => rule === "image-with-tag");
  assert.throws(() => fix(lines, tagged), /^Error: it cannot be fixed: .*several lines/);
  for (const bad of [-1, 0.5, "0", undefined]) assert.throws(() => fix(files, bad), { message: "the index must be an integer from 0" });
});

test("the functions for authors reject invalid arguments", () => {
  for (const [call, message] of [
    [() => generate("a"), "files must be an array of `{name, content}`"],
    [() => generate([], { nme: "a" }), "options has no field `nme`; did you mean `name`?"],
    [() => generate([], { name: 1 }), "`name` must be a string"],
    [() => generate([], { merge: "yes" }), "`merge` must be true or false"],
    [() => generate([], { patterns: "args" }), "`patterns` must be an array of strings"],
    [() => generate([], { patterns: ["arg"] }), "`patterns` cannot contain `arg`; did you mean `args`?"],
    [() => diff([], [], { allow: ["imag"] }), "`allow` cannot contain `imag`; did you mean `image`?"],
    [() => diff([]), "files must be an array of `{name, content}`"],
    [() => lint({}), "files must be an array of `{name, content}`"],
  ]) {
    assert.throws(call, { name: "Error", message });
  }
  assert.throws(() => generate([], { name: "Acme" }), /^Error: `Acme` is not a valid name: a name has up to 63/);
  assert.throws(() => generate([], { minGkeVersion: "newest" }), /newest/);
});

test("its version is that of the package", async () => {
  const { version: expected } = JSON.parse(await readFile(join(web, "dist/npm/package.json"), "utf8"));
  assert.equal(version(), expected);
});

test("a call before `init` or after `free` says what to do", async () => {
  const policy = new Policy();
  policy.free();
  policy.free();
  const message = "this policy was freed: create another one with `new Policy()`";
  assert.throws(() => policy.check(pod), { message });
  assert.throws(() => policy.load([]), { message });
  const { stdout } = await run(
    "early.mjs",
    `import { diff, fix, generate, lint, lintRules, Policy, version } from "hallpass-policy/web";
     for (const early of [() => new Policy(), diff, fix, generate, lint, lintRules, version]) try { early(); } catch (error) { console.log(error.message); }`,
  );
  assert.equal(stdout, "the module is not initialized: call `await init()` first\n".repeat(7));
});

test("the package holds what it names, and nothing else", () => {
  const [{ files }] = JSON.parse(npm(join(web, "dist/npm"), "pack", "--dry-run", "--json"));
  assert.deepEqual(files.map(({ path }) => path).sort(), [
    "LICENSE",
    "README.md",
    "hallpass.d.ts",
    "hallpass.js",
    "hallpass_bg.wasm",
    "node.js",
    "package.json",
    "policy.js",
    "web.js",
  ]);
});

describe("the types of both entry points", () => {
  before(() => copyFile(join(web, "test/package/consumer.ts"), join(project, "consumer.ts")));
  for (const module of ["node16", "nodenext", "esnext"]) {
    test(`compile without the DOM library, ${module}`, () => {
      assert.deepEqual(compile(["consumer.ts"], { module }), { status: 0, stdout: "" });
    });
  }
  test("compile with the DOM library", async () => {
    await writeFile(
      join(project, "dom.ts"),
      `import init from "hallpass-policy/web";
       await init({ module_or_path: fetch(new URL("hallpass_bg.wasm", import.meta.url)) });
       await init({ module_or_path: new WebAssembly.Module(new Uint8Array()) });
       // @ts-expect-error: not a module
       await init({ module_or_path: 1 });`,
    );
    assert.deepEqual(compile(["consumer.ts", "dom.ts"], { lib: "es2022,dom" }), { status: 0, stdout: "" });
  });
  test("report a typo", async () => {
    const typo = (await readFile(join(project, "consumer.ts"), "utf8")).replace("allowlistColumn", "allowlistColum");
    await writeFile(join(project, "typo.ts"), typo);
    assert.match(compile(["typo.ts"]).stdout, /Property 'allowlistColum' does not exist/);
  });
  test("declare every export, and nothing else", async () => {
    const names = `import * as all from "hallpass-policy";
      import * as web from "hallpass-policy/web";
      console.log(JSON.stringify([Object.keys(all), Object.keys(web)]));`;
    const exported = ["Policy", "default", "diff", "fix", "generate", "lint", "lintRules", "version"];
    assert.deepEqual(JSON.parse((await run("names.mjs", names)).stdout), [exported, exported]);
    const keys = `import * as all from "hallpass-policy";
      const keys: Record<${exported.map((name) => JSON.stringify(name)).join(" | ")}, true> = {} as Record<keyof typeof all, true>;
      const back: Record<keyof typeof all, true> = keys;
      export { back };`;
    await writeFile(join(project, "names.ts"), keys);
    assert.deepEqual(compile(["names.ts"]), { status: 0, stdout: "" });
  });
});

describe("CommonJS", () => {
  const text = `
    import type { Report } from "hallpass-policy" with { "resolution-mode": "import" };
    export async function check(content: string): Promise<Report> {
      const { Policy } = await import("hallpass-policy");
      return new Policy().check([{ name: "pod.yaml", content }]);
    }`;
  test("imports the package asynchronously, with its types", async () => {
    await writeFile(join(project, "dynamic.cts"), text);
    assert.deepEqual(compile(["dynamic.cts"], { module: "node16" }), { status: 0, stdout: "" });
    const { stdout } = await run("dynamic.cjs", 'import("hallpass-policy").then(({ version }) => console.log(version()));');
    assert.equal(stdout, `${version()}\n`);
  });
  test("cannot import it in another way, and TypeScript says so", async () => {
    await writeFile(join(project, "static.cts"), 'import { Policy } from "hallpass-policy";\nnew Policy();\n');
    const { stdout } = compile(["static.cts"], { module: "node16" });
    assert.match(stdout, /CommonJS module whose imports will produce 'require' calls/);
  });
  test("requires it in a Node that can require ES modules", { skip: !process.features.require_module }, async () => {
    const { stdout } = await run("require.cjs", 'console.log(require("hallpass-policy").version());', "--no-warnings");
    assert.equal(stdout, `${version()}\n`);
  });
});

test("a bundle for Node initializes the module", async () => {
  await writeFile(join(project, "entry.mjs"), 'import { version } from "hallpass-policy";\nconsole.log(version());\n');
  const options = { absWorkingDir: project, entryPoints: ["entry.mjs"], bundle: true, format: "esm", platform: "node" };
  const [{ text }] = (await build({ ...options, write: false })).outputFiles;
  await copyFile(join(web, "dist/npm/hallpass_bg.wasm"), join(project, "hallpass_bg.wasm"));
  assert.equal((await run("bundle.mjs", text)).stdout, `${version()}\n`);
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
  const literal = (value, type) => `({ ...${JSON.stringify(value)} satisfies ${type} });`;
  const authored = [];
  for (const { manifests, allowlists } of await examples(join(web, ".."))) {
    authored.push(literal(generate(manifests), "Generation"), literal(lint(allowlists), "LintReport"));
    authored.push(literal(diff(allowlists, []), "DifferenceReport"), literal(diff([], allowlists), "DifferenceReport"));
  }
  authored.push(literal(generate([everything]), "Generation"), literal(lint([everything]), "LintReport"));
  authored.push(literal(diff([everything], []), "DifferenceReport"));
  authored.push(`${JSON.stringify(lintRules())} satisfies LintRule[];`);
  const text = `import type { DifferenceReport, Generation, LintReport, LintRule, Report } from "hallpass-policy";
    ${reports.map((report) => literal(report, "Report")).join("\n")}\n${authored.join("\n")}\n`;
  await writeFile(join(project, "reports.ts"), text);
  assert.deepEqual(compile(["reports.ts"]), { status: 0, stdout: "" });
  for (const [from, to, complaint] of [
    ['"schemaVersion":1', '"schemaVersion":1,"more":1', /'"more"' does not exist in type/],
    ['"verdict":"denied"', '"verdict":"refused"', /'"refused"' is not assignable to type 'Verdict'/],
  ]) {
    await writeFile(join(project, "typo.ts"), text.replace(from, to));
    assert.match(compile(["typo.ts"]).stdout, complaint);
  }
});
