// The page never loses text: everything that replaces or removes some can be undone, and so can the undo.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { forms, POD, SIZES } from "../support/forms.mjs";

const { onBoth, onSite } = forms();

/** A manifest of more lines than an editor shows. */
const LONG = `${POD}${"# a remark\n".repeat(300)}`;

async function undo(page) {
  await page.click("#undo-button");
}

describe("the page keeps text", () => {
  onBoth("when an example is selected", async (page) => {
    await page.example("From a private mirror");
    await page.settled(/1 /);
    assert.equal(await page.visible("#undo"), false, "an example is no loss");
    await page.write("manifests", POD);
    await page.field("#gke-version", "1.33.0-gke.1");
    await page.settled("1 denied");
    assert.equal(await page.value("#examples"), "");
    await page.example("As published: exempted");
    await page.settled("1 exempted");
    assert.equal(await page.text("#undo-text"), "An example replaced your files");
    await undo(page);
    await page.settled("1 denied");
    assert.equal(await page.content("manifests"), POD);
    assert.equal(await page.value("#gke-version"), "1.33.0-gke.1");
    assert.equal(await page.value("#examples"), "");
    await page.click("#redo-button");
    await page.settled("1 exempted");
    assert.equal(await page.value("#examples"), "1");
  });

  onSite("when a side is cleared, with the history of its edits", async (page) => {
    await page.write("allowlists", "");
    await page.write("manifests", POD);
    await page.goTo("manifests", POD.indexOf("true"), POD.indexOf("true") + 4);
    await page.type("false");
    await page.settled("1 admitted");
    await page.click("#manifests-clear");
    await page.settled("Nothing to check");
    assert.equal(await page.text("#undo-text"), "You cleared the manifests");
    await undo(page);
    await page.settled("1 admitted");
    await page.focus("#manifests-editor .cm-content");
    await page.press("Control+z");
    await page.settled("1 denied");
    assert.equal(await page.content("manifests"), POD);
  });

  onSite("when files are closed, and when a dropped file has the name of another", async (page) => {
    await page.click("#manifests-clear");
    await page.settled("Nothing to check");
    await page.drop("manifests", [["a.yaml", POD], ["b.yaml", POD.replace("hostPID", "hostIPC")]]);
    await page.settled("2 denied");
    await page.click("#manifests-tabs [aria-label='Close a.yaml']");
    await page.settled("1 denied");
    assert.deepEqual(await page.tabs("manifests"), ["b.yaml"]);
    await page.drop("manifests", [["b.yaml", POD.replace("true", "false")]]);
    await page.settled("1 admitted");
    assert.equal(await page.text("#undo-text"), "You replaced b.yaml");
    await undo(page);
    await page.settled("1 denied");
    assert.match(await page.content("manifests"), /hostIPC: true/);
    await undo(page);
    await page.settled("2 denied");
    assert.deepEqual(await page.tabs("manifests"), ["a.yaml", "b.yaml"]);
  });

  onSite("when a link is opened in the same window", async (page) => {
    await page.click("#link");
    await page.waitFor("#share[open]");
    const { hash } = new URL(await page.value("#share-link"));
    await page.click("#share-close");
    await page.write("manifests", POD);
    await page.settled("1 denied");
    await page.follow(hash);
    await page.waitFor("#undo");
    assert.match(await page.text("#notice"), /The link contains these manifests/);
    assert.match(await page.content("manifests"), /acme-agent/);
    await undo(page);
    assert.equal(await page.content("manifests"), POD);
  });

  onSite("that was written between an undo and the next loss", async (page) => {
    await page.write("manifests", POD);
    await page.click("#manifests-clear");
    await page.write("manifests", "# written later\n");
    await undo(page);
    assert.equal(await page.content("manifests"), POD);
    await page.click("#manifests-clear");
    await undo(page);
    assert.equal(await page.content("manifests"), POD);
    await undo(page);
    assert.equal(await page.content("manifests"), "# written later\n");
  });

  onSite("by asking before it is left, if there is any", async (page) => {
    assert.deepEqual(await page.reload(), []);
    await page.settled("1 denied");
    await page.write("manifests", POD);
    assert.deepEqual(await page.reload(), ["beforeunload"]);
  });

  onSite("and where it was, per file", async (page) => {
    await page.click("#manifests-clear");
    await page.drop("manifests", [["a.yaml", LONG], ["b.yaml", LONG]]);
    await page.settled("2 denied");
    await page.click("#manifests-tabs .name:has-text('b.yaml')");
    await page.scroll("manifests", 200);
    await page.click("#manifests-tabs .name:has-text('a.yaml')");
    await page.showsFirst("manifests", 1);
    await page.click("#manifests-tabs .name:has-text('b.yaml')");
    await page.showsFirst("manifests", 200);
    await page.example("As published: exempted");
    await page.settled("1 exempted");
    await page.showsFirst("manifests", 1);
    assert.equal((await page.lines("manifests"))[0], 1);
  });

  onSite(
    "and shows the start of another document on a phone too",
    async (page) => {
      await page.click("#parts [data-part=manifests]");
      await page.write("manifests", LONG);
      await page.scroll("manifests", 200);
      await page.click("#parts [data-part=results]");
      await page.click("#options");
      await page.example("As published: exempted");
      await page.settled("1 exempted");
      await page.click("#parts [data-part=manifests]");
      await page.showsFirst("manifests", 1);
    },
    { viewport: SIZES.phone },
  );
});
