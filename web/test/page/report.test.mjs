// The report as files, and the rules behind its findings.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { Policy } from "../../dist/npm/node.js";
import { forms, POD } from "../support/forms.mjs";

const { onBoth, onSite } = forms();

/** A name with what Markdown, HTML and terminals would act on. */
const HOSTILE = "<img src=x onerror=alert(1)> `](javascript:1) **b** \\u202e";

describe("the report", () => {
  onBoth("is downloaded as Markdown", async (page) => {
    await page.click("#report");
    const { name, text } = await page.download("#export-download");
    assert.equal(name, "hallpass-report.md");
    assert.match(text, /^# hallpass: 1 denied\n/);
    assert.match(text, /## denied: DaemonSet `acme\/acme-agent`\n\n`agent-upgraded.yaml:3`/);
    assert.match(text, /- \*\*M7\*\* 31:21, `acme-agent-v1.0.0.yaml:20:7`: env `OTEL_EXPORTER_OTLP_ENDPOINT` of container/);
    assert.match(text, /  ```yaml\n  - name: OTEL_EXPORTER_OTLP_ENDPOINT\n  ```/);
    assert.match(text, /\n4 violations, all lifted by `acme-agent-v1.0.0` once these match\.\n/);
    assert.match(text, /no GKE version/);
  });

  onSite("is downloaded as JSON, as the command line prints it", async (page) => {
    await page.write("allowlists", "");
    const manifest = POD.replace("name: shell,", `name: "${HOSTILE}",`);
    await page.write("manifests", manifest);
    await page.settled("1 denied");
    await page.click("#report");
    await page.click("#export [value=json]");
    const { name, text } = await page.download("#export-download");
    assert.equal(name, "hallpass-report.json");
    const [file] = await page.tabs("manifests");
    const report = new Policy().check([{ name: file, content: manifest }]);
    assert.equal(text, `${JSON.stringify(report, null, 2).replaceAll("\u202e", "\\u202e")}\n`);
  });

  onSite(
    "is copied",
    async (page) => {
      await page.click("#report");
      await page.click("#export-copy");
      await page.waitFor("#export-copy:text('Copied')");
      assert.match(await page.clipboard(), /^# hallpass: 1 denied\n/);
    },
    { permissions: ["clipboard-read", "clipboard-write"] },
  );

  onSite("contains no markup from a manifest", async (page) => {
    await page.write("allowlists", `kind: "${HOSTILE}"`);
    await page.write("manifests", POD.replace("name: shell,", `name: "${HOSTILE}",`));
    await page.settled(/1 denied/);
    assert.equal(await page.count("#results img"), 0);
    await page.click("#report");
    const { text } = await page.download("#export-download");
    const outside = text.replace(/(`+)[^]*?[^`]\1(?!`)/g, "");
    assert.doesNotMatch(outside, /<|javascript|\*\*b/);
    assert.doesNotMatch(text, /\u202e/);
    assert.match(text, /\\u\{202e\}/);
    assert.match(text, /- 5:12 `autogke-disallow-hostnamespaces`: `enabling hostPID is not allowed in Autopilot.`/);
  });

  onSite("is offered only if there is one", async (page) => {
    assert.equal(await page.enabled("#report"), true);
    await page.field("#gke-version", "newest");
    await page.settled("Not checked");
    assert.equal(await page.enabled("#report"), false);
    await page.field("#gke-version", "");
    await page.settled("1 denied");
    await page.click("#manifests-clear");
    await page.settled("Nothing to check");
    assert.equal(await page.enabled("#report"), false);
  });
});

describe("a rule", () => {
  onBoth("opens from its id, and leads to others and back", async (page) => {
    await page.click("#results .mismatch .explain");
    assert.equal(await page.text("#rule-title"), "M7 Environment");
    assert.match(await page.text("#rule-text"), /must equal or match/);
    await page.click("#rule-text a:text('P1')");
    assert.equal(await page.text("#rule-title"), "P1 Patterns");
    await page.click("#rule-back");
    assert.equal(await page.text("#rule-title"), "M7 Environment");
    await page.click("#rule-text a:text('[DOC]')");
    assert.equal(await page.text("#rule-title"), "Evidence");
    assert.equal(await page.content("manifests").then((text) => text.includes("acme-agent")), true);
    await page.press("Escape");
    assert.equal(await page.visible("#rule"), false);
    assert.equal(await page.focusedName(), "M7");
  });

  onSite("opens from the name of a constraint", async (page) => {
    await page.write("allowlists", "");
    await page.write(
      "manifests",
      `apiVersion: v1
kind: Pod
metadata: {name: all, namespace: kube-system}
spec:
  hostPID: true
  nodeSelector: {cloud.google.com/gke-nodepool: x, cloud.google.com/machine-family: c3}
  securityContext: {sysctls: [{name: kernel.msgmax, value: "1"}]}
  containers:
    - name: c
      image: i
      ports: [{containerPort: 80, hostPort: 80}]
      securityContext: {privileged: true, procMount: Unmasked, capabilities: {add: [NET_ADMIN]}}
      volumeMounts: [{name: v, mountPath: /v}]
  volumes: [{name: v, hostPath: {path: /}}, {name: w, fc: {}}]
`,
    );
    await page.settled("1 denied");
    const titles = {
      "autogke-disallow-privilege": "C1",
      "autogke-disallow-hostnamespaces": "C2",
      "autogke-no-write-mode-hostpath": "C3",
      "autogke-no-host-port": "C4",
      "autogke-default-linux-capabilities": "C5",
      "autogke-node-affinity-selector-limitation": "C6",
      "hallpass/volume-type": "C9",
      "hallpass/proc-mount": "C9",
      "hallpass/unsafe-sysctl": "C9",
      "managed-namespaces-limitation": "C10",
      "autopilot-machine-family-selection-limitation": "C11",
    };
    assert.deepEqual((await page.texts("#results .constraint-name")).sort(), Object.keys(titles).sort());
    for (const [constraint, rule] of Object.entries(titles)) {
      await page.click(`#results .constraint-name:text-is('${constraint}')`);
      assert.ok((await page.text("#rule-title")).startsWith(`${rule} `), constraint);
      await page.click("#rule-close");
    }
  });
});
