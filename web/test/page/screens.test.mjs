// What the page shows on screens of different sizes, and what users change about it.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { forms, POD, SIZES } from "../support/forms.mjs";

const { onSite } = forms();

describe("a phone", () => {
  onSite(
    "shows a part at a time, and leads to it",
    async (page) => {
      assert.equal(await page.visible("#verdict"), true);
      assert.equal(await page.visible("#manifests"), false);
      await page.click("#results .mismatch .jump.manifests");
      assert.equal(await page.visible("#manifests"), true);
      assert.equal((await page.selection("manifests")).line, 31);
      assert.equal(await page.scrollsSideways(), false);
    },
    { viewport: SIZES.phone },
  );

  for (const [name, least] of [["phone", 25], ["phone on its side", 10]]) {
    onSite(
      `shows the verdict during an edit, and lines: ${name}`,
      async (page) => {
        for (const side of ["manifests", "allowlists"]) {
          await page.click(`#parts [data-part=${side}]`);
          const lines = await page.lines(side);
          assert.ok(lines.length >= least, `${side}: ${lines}`);
        }
        await page.write("allowlists", "");
        await page.click("#parts [data-part=manifests]");
        await page.write("manifests", POD.replace("true", "false"));
        await page.settled("1 admitted");
        assert.equal(await page.inView("#status-text"), true);
        await page.click("#show-verdict");
        assert.equal(await page.visible("#results"), true);
        assert.equal(await page.visible("#manifests"), false);
      },
      { viewport: SIZES[name] },
    );

    onSite(
      `shows the options on request: ${name}`,
      async (page) => {
        assert.equal(await page.visible("#gke-version"), false);
        await page.click("#options");
        assert.equal(await page.attribute("#options", "aria-expanded"), "true");
        assert.equal(await page.visible("#version label span"), true);
        await page.field("#gke-version", "newest");
        await page.settled("Not checked");
        assert.equal(await page.inView("#version-error"), true);
      },
      { viewport: SIZES[name] },
    );
  }
});

describe("files", () => {
  onSite("are marked as denied or invalid", async (page) => {
    await page.write("allowlists", "kind: [");
    await page.click("#manifests-clear");
    await page.drop("manifests", [["bad.yaml", "kind: ["], ["denied.yaml", POD], ["fine.yaml", POD.replace("true", "false")]]);
    await page.settled("2 errors, 1 denied, 1 admitted");
    assert.deepEqual(await page.texts("#manifests-tabs .name"), ["error: bad.yaml", "denied: denied.yaml", "fine.yaml"]);
    assert.deepEqual(await page.texts("#allowlists-tabs .name"), ["error: acme-agent-v1.0.0.yaml"]);
  });

  onSite("are closed each by its own button", async (page) => {
    await page.click("#manifests-clear");
    await page.drop("manifests", [["a.yaml", POD], ["b.yaml", POD], ["c.yaml", POD]]);
    await page.settled("3 denied");
    await page.click("#manifests-tabs .name:has-text('c.yaml')");
    await page.click("#manifests-tabs [aria-label='Close b.yaml']");
    await page.settled("2 denied");
    assert.deepEqual(await page.tabs("manifests"), ["a.yaml", "c.yaml"]);
    assert.equal(await page.text("#manifests-tabs [aria-pressed=true]"), "denied: c.yaml");
    assert.equal(await page.focusedName(), "denied: c.yaml");
  });
});

describe("a screen", () => {
  onSite("wraps long lines on request", async (page) => {
    await page.write("manifests", `# ${"long ".repeat(100)}\n${POD}`);
    await page.settled("1 denied");
    const width = () => page.editorWidth("manifests");
    assert.ok((await width()).content > (await width()).visible);
    await page.click("#wrap");
    await page.until(async () => (await width()).content <= (await width()).visible);
    await page.goTo("manifests", 0, 0);
    await page.press("ArrowDown");
    assert.equal((await page.selection("manifests")).line, 1, "the editor knows that the line is wrapped");
    await page.click("#wrap");
    await page.until(async () => (await width()).content > (await width()).visible);
  });

  onSite("has panes of any width", async (page) => {
    const before = await page.box("#manifests");
    const verdict = await page.box("#verdict");
    await page.drag("#split-editors", 120, 0);
    assert.ok(Math.abs((await page.box("#manifests")).width - before.width - 120) < 2);
    assert.ok(Math.abs((await page.box("#verdict")).width - verdict.width) < 2);
    await page.drag("#split-verdict", 60, 0);
    assert.ok(Math.abs((await page.box("#verdict")).width - verdict.width + 60) < 2);
    assert.ok(Math.abs((await page.box("#manifests")).width - before.width - 120) < 2);
    await page.focus("#split-editors");
    const share = Number(await page.attribute("#split-editors", "aria-valuenow"));
    await page.press("ArrowLeft");
    assert.ok(Number(await page.attribute("#split-editors", "aria-valuenow")) < share);
    await page.drag("#split-editors", -2000, 0);
    assert.ok((await page.box("#manifests")).width >= 119);
    await page.doubleClick("#split-verdict");
    assert.ok(Math.abs((await page.box("#manifests")).width - before.width) < 2);
  });

  onSite(
    "has panes of any height, where the verdict is below",
    async (page) => {
      const before = await page.box("#verdict");
      await page.drag("#split-verdict", 0, -100);
      assert.ok(Math.abs((await page.box("#verdict")).height - before.height - 100) < 2);
      await page.focus("#split-verdict");
      assert.equal(await page.attribute("#split-verdict", "aria-orientation"), "horizontal");
      await page.press("ArrowDown");
      assert.ok((await page.box("#verdict")).height < before.height + 90);
    },
    { viewport: SIZES.tablet },
  );
});
