// What a denial is due to: the mismatches come before the violations that they leave.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { forms, POD } from "../support/forms.mjs";

const { onBoth, onSite } = forms();

const LIFTED = "4 violations, all lifted by acme-agent-v1.0.0 once these match";

describe("a denial", () => {
  onBoth("by a near miss shows the mismatches, and folds the violations that they leave", async (page) => {
    assert.deepEqual(await page.texts("#results .card > details > summary"), ["against acme-agent-v1.0.0: 3 mismatches", LIFTED]);
    assert.equal(await page.visible("#results .constraint >> nth=0"), false);
    await page.click("#results .lifted summary");
    assert.deepEqual(await page.texts("#results .lifted .constraint-name"), ["autogke-disallow-hostnamespaces", "autogke-no-write-mode-hostpath"]);
    assert.equal(await page.visible("#results .constraint >> nth=0"), true);
  });

  onSite("keeps violations that the allowlist does not lift in sight", async (page) => {
    const manifest = await page.content("manifests");
    await page.write("manifests", manifest.replace("hostPID: true", "hostPID: true\n      securityContext: {sysctls: [{name: kernel.msgmax, value: '1'}]}"));
    await page.settled("1 denied");
    assert.match(await page.text("#results .lifted summary"), /^5 violations, 4 of them lifted by/);
    assert.deepEqual(await page.texts("#results .card > .constraint .constraint-name"), ["hallpass/unsafe-sysctl"]);
  });

  onSite(
    "offers the change of the allowlist to copy",
    async (page) => {
      assert.match(await page.text("#results .mismatch .help:has-text('author')"), /add to matchingCriteria\.containers\[0\]\.env:/);
      await page.click("#results .change button");
      await page.waitFor("#results .change button:text('Copied')");
      const change = "- name: OTEL_EXPORTER_OTLP_ENDPOINT\n";
      assert.equal(await page.clipboard(), change);
      const allowlist = await page.content("allowlists");
      await page.write("allowlists", allowlist.replace("env:\n", `env:\n        ${change}`));
      await page.settled("1 denied");
      assert.deepEqual(await page.texts("#results .mismatch .tag"), ["M11", "M12"]);
    },
    { permissions: ["clipboard-read", "clipboard-write"] },
  );

  onSite("names the pitfall that is its reason", async (page) => {
    const allowlist = await page.content("allowlists");
    await page.write("allowlists", allowlist.replace("- name: NODE_NAME", "- name: OTEL_.*"));
    await page.settled("1 denied");
    const [pitfall] = await page.texts("#results .pitfall");
    assert.match(pitfall, /OTEL_\.\*/);
  });

  onSite("without an allowlist for the workload starts with the violations", async (page) => {
    await page.write("manifests", POD);
    await page.settled("1 denied");
    assert.deepEqual(await page.texts("#results .card > section .constraint-name"), ["autogke-disallow-hostnamespaces"]);
    assert.match(await page.text("#results .against summary"), /, for another workload$/);
    assert.equal(await page.count("#results .against[open]"), 0);
    assert.match(await page.text("#results .card > .aside"), /^no loaded allowlist is for this workload/);
    assert.equal(await page.count("#allowlists-editor .cm-lintRange-warning"), 0);
  });

  onBoth("of several workloads for the same reasons is shown once", async (page) => {
    await page.write("allowlists", "");
    const other = POD.replace("hostPID", "hostIPC");
    await page.write("manifests", [1, 2, 3].map((index) => POD.replace("name: shell,", `name: shell-${index},`)).concat(other).join("---\n"));
    await page.settled("4 denied");
    assert.equal(await page.count("#results .card"), 2);
    assert.equal(await page.text("#results .others summary"), "and 2 other workloads, for the same reasons");
    await page.click("#results .others summary");
    assert.deepEqual(await page.texts("#results .others .title"), ["Pod tools/shell-2", "Pod tools/shell-3"]);
    await page.click("#results .others li:last-child .jump");
    assert.equal((await page.selection("manifests")).line, 19);
  });
});
