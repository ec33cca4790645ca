// What the page offers to authors of allowlists: generating them, and finding faults in them.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { forms, POD, SIZES } from "../support/forms.mjs";

const { onBoth, onSite } = forms();

/** Named like the file of the first example, which it replaces. */
const TAGGED = `apiVersion: auto.gke.io/v1
kind: WorkloadAllowlist
metadata:
  name: acme-agent-v1.0.0
exemptions:
- autogke-disallow-hostnamespaces
matchingCriteria:
  hostPID: true
  containers:
  - name: shell
    image: "example.com/shell:1" # the shell
`;

describe("generating", () => {
  onBoth("fills the allowlists with one that exempts the manifests, until it is undone", async (page) => {
    const before = await page.content("allowlists");
    await page.click("#generate");
    await page.settled("1 exempted");
    assert.deepEqual(await page.tabs("allowlists"), ["acme-agent-v1.0.0.yaml"]);
    assert.match(await page.content("allowlists"), /^apiVersion: auto\.gke\.io\/v1\nkind: WorkloadAllowlist\n/);
    assert.match(await page.text("#undo-text"), /^You generated acme-agent-v1\.0\.0 for 1 workload/);
    await page.click("#undo-button");
    await page.settled("1 denied");
    assert.equal(await page.content("allowlists"), before);
  });

  onSite("writes one allowlist per workload", async (page) => {
    await page.write("manifests", `${POD}---\n${POD.replace("name: shell, namespace", "name: other, namespace")}`);
    await page.click("#generate");
    await page.settled("2 exempted");
    assert.deepEqual(await page.tabs("allowlists"), ["allowlists.yaml"]);
    assert.equal((await page.content("allowlists")).split("\n---\n").length, 2);
  });

  onSite("says why there is nothing to generate, and keeps the allowlists", async (page) => {
    await page.write("allowlists", TAGGED);
    for (const [manifest, verdict, said] of [
      [POD.replace("true", "false"), "1 admitted", /No allowlist is needed: Pod tools\/shell would be admitted without one/],
      ["kind: [", /1 error/, /No allowlist was generated: agent-upgraded\.yaml:\d+:\d+: /],
      [`${POD}  ephemeralContainers: [{name: debug, image: i}]\n`, "1 denied", /no entries for ephemeral containers such as debug/],
      ["", /./, /No allowlist was generated: no workload was found/],
    ]) {
      await page.write("manifests", manifest);
      await page.settled(verdict);
      await page.click("#generate");
      await page.until(async () => said.test(await page.text("#notice")));
      assert.equal(await page.content("allowlists"), TAGGED);
    }
  });
});

describe("lint", () => {
  onBoth("underlines what a rule finds, and lists it with its rule", async (page) => {
    await page.write("manifests", POD);
    await page.write("allowlists", TAGGED);
    await page.until(async () => /^Lint: 1 warning/.test(await page.text("#lint-summary")));
    await page.hover("#allowlists-editor .cm-lintRange-warning:has-text('example.com')");
    await page.waitFor(".cm-tooltip .cm-diagnostic:has-text('example.com/shell:1 has a tag')");
    await page.click("#lint summary");
    assert.deepEqual(await page.texts("#lint-list .explain"), ["image-with-tag"]);
    await page.click("#lint-list .jump");
    assert.deepEqual(await page.selection("allowlists"), { line: 11, text: '"example.com/shell:1"', focused: true });
    await page.click("#lint-list .explain");
    await page.waitFor("#rule[open]");
    assert.equal(await page.text("#rule-title"), "image-with-tag");
    assert.match(await page.text("#rule-text"), /Without the tag, it matches every tag/);
    await page.press("Escape");
  });

  onSite("fixes a finding, and Ctrl+Z brings it back", async (page) => {
    await page.write("manifests", POD);
    await page.write("allowlists", TAGGED);
    await page.settled("1 exempted");
    await page.click("#lint summary");
    await page.click("#lint-list .fix");
    await page.until(async () => (await page.content("allowlists")) !== TAGGED);
    assert.equal(await page.content("allowlists"), TAGGED.replace("shell:1", "shell"));
    await page.until(async () => (await page.text("#lint-summary")) === "Lint: no findings");
    await page.press("Control+z");
    await page.until(async () => (await page.text("#lint-summary")) === "Lint: 1 warning");
    assert.equal(await page.content("allowlists"), TAGGED);
  });

  onSite("refuses a fix that is not safe", async (page) => {
    const folded = TAGGED.replace('"example.com/shell:1"', '"example.com/\\\n      shell:1"');
    assert.notEqual(folded, TAGGED);
    await page.write("allowlists", folded);
    await page.settled(/./);
    await page.click("#lint summary");
    await page.until(async () => (await page.count("#lint-list .fix")) > 0);
    await page.click("#lint-list li:has-text('image-with-tag') .fix");
    await page.until(async () => /it cannot be fixed: .*several lines/.test(await page.text("#notice")));
    assert.equal(await page.content("allowlists"), folded);
  });

  onSite("shows what a comment suppresses, with its reason, and underlines nothing", async (page) => {
    await page.write("manifests", POD);
    await page.write("allowlists", TAGGED.replace("# the shell", "# hallpass: allow image-with-tag: one version only"));
    await page.until(async () => (await page.text("#lint-summary")) === "Lint: 1 suppressed");
    await page.click("#lint summary");
    assert.deepEqual(await page.texts("#lint-list .aside"), ["one version only"]);
    assert.deepEqual([await page.count("#lint-list .fix"), await page.count("#allowlists-editor .cm-lintRange:has-text(':1')")], [0, 0]);
  });

  onSite("compares an allowlist with the name of an opened file, and not with a name that the page made up", async (page) => {
    const other = TAGGED.replace("shell:1", "shell").replace("acme-agent-v1.0.0", "acme-shell-v1.0.0");
    await page.write("allowlists", other);
    await page.settled(/./);
    assert.equal(await page.text("#lint-summary"), "Lint: no findings");
    await page.click("#allowlists-clear");
    await page.write("allowlists", other);
    await page.settled(/./);
    assert.deepEqual([await page.tabs("allowlists"), await page.text("#lint-summary")], [["allowlist.yaml"], "Lint: no findings"]);
    await page.drop("allowlists", [["allowlist.yaml", other]]);
    await page.until(async () => (await page.text("#lint-summary")) === "Lint: 1 note");
    assert.deepEqual(await page.texts("#lint-list .explain"), ["name-unlike-file"]);
  });

  onSite(
    "fits on a phone",
    async (page) => {
      await page.click("#parts [data-part=allowlists]");
      await page.write("allowlists", TAGGED);
      await page.until(async () => /warning/.test(await page.text("#lint-summary")));
      await page.click("#lint summary");
      assert.equal(await page.inView("#lint-list"), true);
      assert.equal(await page.scrollsSideways(), false);
      assert.ok((await page.lines("allowlists")).length >= 5);
    },
    { viewport: SIZES.phone },
  );
});
