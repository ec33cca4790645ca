// The page as users use it, from a static web server and as one file.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { forms, POD, SIZES } from "../support/forms.mjs";
import { Hallpass } from "../support/hallpass.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const { running, onBoth, onSite } = forms();

describe("the page", () => {
  onBoth("judges the example that it starts with", async (page) => {
    assert.equal(await page.status(), "1 denied");
    assert.equal(await page.count("#results .card.denied"), 1);
    assert.deepEqual(await page.texts("#results .mismatch .tag"), ["M7", "M11", "M12"]);
  });

  onBoth("loads another example", async (page) => {
    await page.example("As published: exempted");
    assert.equal(await page.settled("1 exempted"), "1 exempted");
    assert.match(await page.text("#results .by"), /acme-agent-v1\.0\.0; exec, attach and port-forward/);
  });

  onBoth("judges every example without an error of its own", async (page) => {
    for (const title of await page.texts("#examples option")) {
      if (title === "–") continue;
      await page.example(title);
      const status = await page.settled(/\d (error|denied|exempted|admitted)/);
      assert.equal(/error/.test(status), /duplicate key/i.test(title), `${title}: ${status}`);
    }
  });

  onBoth("judges anew what is edited", async (page) => {
    await page.write("manifests", POD);
    await page.write("allowlists", "");
    await page.settled("1 denied");
    await page.goTo("manifests", POD.indexOf("true"), POD.indexOf("true") + 4);
    await page.type("false");
    assert.equal(await page.settled("1 admitted"), "1 admitted");
  });

  onBoth("leaves alone what an edit does not change", async (page) => {
    await page.click("#results .against summary");
    assert.equal(await page.count("#results .against[open]"), 0);
    const end = (await page.content("manifests")).length;
    await page.goTo("manifests", end, end);
    await page.type("# a remark\n");
    await page.settled("1 denied");
    assert.equal(await page.count("#results .against[open]"), 0);
    const [place] = await page.texts("#results .mismatch .jump.manifests");
    await page.goTo("manifests", 0, 0);
    await page.type("\n");
    await page.settled("1 denied");
    const [line, column] = place.split(":").map(Number);
    assert.equal((await page.texts("#results .mismatch .jump.manifests"))[0], `${line + 1}:${column}`);
  });

  onBoth("keeps a card for each of two that are alike", async (page) => {
    const pod = '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"shell"},"spec":{"containers":[{"name":"c","image":"i"}]}}';
    await page.write("allowlists", "");
    await page.write("manifests", `{"apiVersion":"v1","kind":"List","items":[${pod},${pod}]}`);
    await page.settled("2 admitted");
    await page.type("\n");
    await page.settled("2 admitted");
    assert.equal(await page.count("#results .card.admitted"), 2);
  });

  onBoth("leads from a mismatch to both of its lines", async (page) => {
    await page.click("#results .mismatch .jump.manifests");
    assert.deepEqual(await page.selection("manifests"), { line: 31, text: "OTEL_EXPORTER_OTLP_ENDPOINT", focused: true });
    await page.click("#results .mismatch .jump.allowlists");
    assert.deepEqual(await page.selection("allowlists"), { line: 20, text: "env", focused: true });
  });

  onBoth("underlines a mismatch where it is, and shows its message on hover", async (page) => {
    const warning = "#manifests-editor .cm-lintRange-warning";
    assert.equal(await page.text(warning), "OTEL_EXPORTER_OTLP_ENDPOINT");
    assert.deepEqual(await page.texts("#allowlists-editor .cm-lintRange-warning"), ["env", "volumeMounts", "volumes"]);
    await page.hover(warning);
    assert.match(await page.text(".cm-tooltip .cm-diagnostic"), /env OTEL_EXPORTER_OTLP_ENDPOINT of container agent is not in/);
    assert.deepEqual((await page.texts(".cm-tooltip code")).slice(0, 2), ["OTEL_EXPORTER_OTLP_ENDPOINT", "agent"]);
  });

  onBoth("underlines behind characters of two code units", async (page) => {
    const text = POD.replace("{name: shell, namespace: tools}", '{name: shell, annotations: {a: "🐙🐙"}}').replace("  hostPID: true", '  "hostPID":   true # 🐙');
    await page.write("allowlists", "");
    await page.write("manifests", text.replace("spec:\n", 'spec: {"🐙": 1, hostPID: true, containers: [{name: c, image: i}]}\n').split("\n").slice(0, 4).join("\n"));
    await page.settled("1 denied");
    assert.deepEqual(await page.texts("#manifests-editor .cm-lintRange-error"), ["true"]);
  });

  onBoth("makes a link that opens as what it was made from", async (page, address) => {
    await page.write("manifests", POD);
    await page.field("#gke-version", "1.33.0-gke.1");
    await page.settled("1 denied");
    await page.click("#link");
    // The page compresses the link asynchronously.
    await page.waitFor("#share[open]");
    assert.match(await page.text("#share .warning"), /The link contains everything in both editors/);
    const link = await page.value("#share-link");
    assert.ok(link.startsWith(`${address}#`), link);
    const other = await page.another(link);
    assert.equal(await other.settled("1 denied"), "1 denied");
    assert.equal(await other.content("manifests"), POD);
    assert.equal(await other.value("#gke-version"), "1.33.0-gke.1");
    assert.match(await other.text("#notices"), /The link contains these manifests/);
    other.assertCalm();
  });

  onBoth("reports a damaged link", async (page, address) => {
    for (const fragment of ["#1.AAAA", "#1.%%%", "#2.x", "#1.q1YqSSxKTy1RslIqSS0uUaoFAA"]) {
      const other = await page.another(address + fragment);
      assert.match(await other.text("#notices .error"), /The link cannot be opened/, fragment);
      await other.settled("1 denied");
      other.assertCalm();
    }
  });

  onBoth("shows what is wrong with garbage", async (page) => {
    await page.write("manifests", "kind: Pod\n\tspec: [");
    assert.match(await page.settled("1 error"), /1 error/);
    assert.match(await page.text("#results .problem"), /tab/);
    await page.click("#results .problem .jump");
    assert.equal((await page.selection("manifests")).line, 2);
    await page.write("allowlists", "kind: WorkloadAlowlist\napiVersion: auto.gke.io/v1\n");
    await page.write("manifests", POD);
    await page.settled(/error/);
    assert.match(await page.text("#results .problem"), /did you mean WorkloadAllowlist\?/);
    await page.click("#results .problem .jump");
    assert.equal((await page.selection("allowlists")).focused, true);
  });

  onBoth("hides nothing that a text has", async (page) => {
    await page.write("allowlists", "");
    await page.write("manifests", POD.replace("name: shell,", 'name: "a\\u202e\\x9b\\u200b\\U000E0041b",'));
    await page.settled("1 denied");
    const shown = await page.text("#results .card h3");
    assert.match(shown, /a\\u\{202e\}\\u\{9b\}\\u\{200b\}\\u\{e0041\}b/);
  });

  onBoth("reports an invalid version", async (page) => {
    await page.field("#gke-version", "newest");
    await page.settled("Not checked");
    assert.match(await page.text("#results"), /newest is not a GKE version/);
    assert.deepEqual(await page.texts("#version-error code"), ["newest", "1.32.0-gke.1000000"]);
    assert.equal(await page.attribute("#gke-version", "aria-invalid"), "true");
    await page.field("#gke-version", "");
    await page.settled("1 denied");
    assert.equal(await page.attribute("#gke-version", "aria-invalid"), "false");
    assert.equal(await page.text("#version-error"), "");
  });

  onBoth("accepts dropped files, and reports invalid text", async (page) => {
    await page.click("#manifests-clear");
    await page.click("#allowlists-clear");
    await page.settled("Nothing to check");
    await page.drop("manifests", [["a.yaml", POD], ["b.yaml", POD.replace("hostPID", "hostIPC")]]);
    await page.settled("2 denied");
    assert.deepEqual(await page.tabs("manifests"), ["a.yaml", "b.yaml"]);
    await page.drop("manifests", [["latin.yaml", [...Buffer.from(`# caf\xe9\n${POD}`, "latin1")]]]);
    await page.settled(/1 error/);
    assert.match(await page.text("#results .problem"), /byte 0xE9 is not UTF-8/);
  });

  onBoth("stays usable while it judges 5 MB", async (page) => {
    await page.click("#manifests-clear");
    await page.settled("Nothing to check");
    const text = Array.from({ length: 32_000 }, (_, index) => POD.replace("shell", `shell-${index}`)).join("---\n");
    assert.ok(text.length > 5_000_000);
    const worker = await page.pauseWorker();
    await page.drop("manifests", [["large.yaml", text]]);
    await page.waitFor("#manifests-tabs .name:has-text('large.yaml')");
    // The worker sends nothing now, so everything that happens is done by the page.
    await page.write("allowlists", "# written meanwhile\n");
    assert.equal(await page.content("allowlists"), "# written meanwhile\n");
    await page.click("#theme");
    assert.equal(await page.busy(), true);
    await worker.resume();
    await page.settled(/32,000 denied/);
    assert.ok((await page.count("#results .card")) <= 60);
  });

  onBoth("connects only to its own origin", async (page, address) => {
    await page.example("As published: exempted");
    await page.settled("1 exempted");
    const others = page.requests.filter((url) => !url.startsWith("blob:") && !url.startsWith("data:") && new URL(url).origin !== new URL(address).origin);
    assert.deepEqual(others, []);
    const refused = await page.fetchElsewhere();
    assert.equal(refused, true, "the policy of the page lets it ask others");
    assert.deepEqual(await page.stored(), { local: 0, session: 0, cookie: "", databases: 0 });
  });

  onBoth("can be used by keyboard alone", async (page) => {
    await page.focus("#results .mismatch .jump.manifests");
    await page.press("Enter");
    assert.equal((await page.selection("manifests")).line, 31);
    await page.focus("#manifests-tabs [aria-pressed=true]");
    await page.press("Delete");
    await page.settled("Nothing to check");
    for (const name of ["manifest.yaml", "Close manifest.yaml", "New file in manifests", "manifest.yaml"]) {
      assert.equal(await page.focusedName(), name);
      await page.press("ArrowRight");
    }
    await page.press("Tab");
    assert.equal(await page.focused(), "cm-content");
    await page.press("Tab");
    assert.notEqual(await page.focused(), "cm-content");
  });
});

describe("a page that did not come whole", () => {
  for (const file of ["hallpass_bg.wasm", "worker.js"]) {
    test(`says so and tries again with the next key, ${file}`, async () => {
      const context = await running.browser.newContext();
      try {
        await context.route(`**/${file}`, (route) => route.abort(), { times: 1 });
        const page = await Hallpass.open(context, `${running.server.origin}/`);
        assert.equal(await page.status(), "Not checked");
        await page.write("allowlists", "");
        await page.write("manifests", POD);
        assert.equal(await page.settled("1 denied"), "1 denied");
      } finally {
        await context.close();
      }
    });
  }
});

describe("for everybody", () => {
  for (const colorScheme of ["light", "dark"]) {
    for (const [name, viewport] of Object.entries(SIZES)) {
      onSite(
        `axe finds nothing, ${colorScheme}, ${name}`,
        async (page) => {
          const calm = async () => assert.deepEqual(await page.violations(axe), []);
          await calm();
          assert.equal(await page.scrollsSideways(), false);
          if (await page.visible("#options")) await page.click("#options");
          await page.click("#link");
          await page.waitFor("#share[open]");
          await calm();
          await page.click("#share-close");
          await page.field("#gke-version", "newest");
          await page.settled("Not checked");
          await calm();
          await page.field("#gke-version", "");
          await page.settled("1 denied");
          await page.click("#report");
          await calm();
          await page.click("#export-close");
          await page.click("#results .mismatch .explain");
          await calm();
          await page.click("#rule-close");
          if (await page.visible("#parts")) await page.click("#parts [data-part=allowlists]");
          const image = "registry.acme.example/acme/agent";
          const end = (await page.content("allowlists")).indexOf(image) + image.length;
          await page.goTo("allowlists", end, end);
          await page.type(":1");
          await page.until(async () => /warning/.test(await page.text("#lint-summary")));
          await page.click("#lint summary");
          await calm();
          await page.click("#lint-list .explain");
          await page.waitFor("#rule[open]");
          await calm();
          await page.click("#rule-close");
          if (await page.visible("#parts")) await page.click("#parts [data-part=manifests]");
          await page.click("#manifests-clear");
          await page.waitFor("#undo");
          await calm();
        },
        { colorScheme, viewport },
      );
    }
  }
});
