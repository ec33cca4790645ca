// Builds the page: `node build.mjs PACKAGE OUT`.
//
// PACKAGE is the npm package of the browser module. Writes to OUT: `site/`, for any static web server, and `hallpass.html`,
// the same in one file.

import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";
import { build } from "esbuild";
import { examples } from "./examples.mjs";
import { rules } from "./rules.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const [, , packageFolder, outFolder] = process.argv;
if (packageFolder === undefined || outFolder === undefined) {
  console.error("usage: node build.mjs PACKAGE OUT");
  process.exit(2);
}
const [module_, out] = [resolve(packageFolder), resolve(outFolder)];

const resolved = {
  name: "hallpass",
  setup(build) {
    build.onResolve({ filter: /^hallpass-policy\/web$/ }, () => ({ path: join(module_, "web.js") }));
    build.onResolve({ filter: /^\.\/examples$/ }, () => ({ path: "examples", namespace: "examples" }));
    build.onLoad({ filter: /.*/, namespace: "examples" }, async () => ({
      contents: `export const examples = ${JSON.stringify(await examples(join(here, "..")))};`,
    }));
  },
};

async function bundle(entry) {
  const { outputFiles } = await build({
    entryPoints: [join(here, "page", entry)],
    bundle: true,
    minify: true,
    write: false,
    charset: "utf8",
    target: "es2022",
    format: "iife",
    legalComments: "none",
    // The page passes the bytes to the module, so the module does not look for them next to itself.
    define: { "import.meta.url": '""' },
    plugins: [resolved],
  });
  return outputFiles[0].text;
}

const digest = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** The Content-Security-Policy. The page connects to no server. */
function policy({ script, style, worker, connect, nonce }) {
  const rules = [
    "default-src 'none'",
    `script-src ${script} 'wasm-unsafe-eval'`,
    `style-src ${style} 'nonce-${nonce}'`,
    // Browsers set such attributes themselves during editing.
    "style-src-attr 'unsafe-inline'",
    `worker-src ${worker}`,
    `connect-src ${connect}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return `<meta http-equiv="Content-Security-Policy" content="${rules.join("; ")}" />\n    <meta name="style-nonce" content="${nonce}" />`;
}

/** Replaces each pattern once, literally: `$` has no meaning in the replacement. */
function fill(html, parts) {
  return Object.entries(parts).reduce((text, [name, part]) => text.replace(`<!--${name}-->`, () => part), html);
}

/** Escapes a closing tag in a script, which would end its element. */
function inline(script) {
  if (/<\/script|<!--/i.test(script)) throw new Error("a script has what ends its element");
  return script;
}

const text = (file) => readFile(join(here, "page", file), "utf8");
const html = fill(await text("index.html"), { rules: await rules(join(here, "..")) });
const start = await bundle("start.ts");
const page = await bundle("main.ts");
const worker = await bundle("worker.ts");
const css = await bundle("styles.css");
const wasm = await readFile(join(module_, "hallpass_bg.wasm"));
// One nonce per build for the files. `hallpass serve` replaces it in every response.
const nonce = createHash("sha256").update(page).update(css).digest("base64url").slice(0, 22);

/** Does not write unchanged files, because cargo compares modification times. */
async function write(file, content) {
  const bytes = Buffer.from(content);
  const before = await readFile(file).catch(() => undefined);
  if (before === undefined || !bytes.equals(before)) await writeFile(file, bytes);
}

await mkdir(join(out, "site"), { recursive: true });
const site = {
  "index.html": fill(html, {
    policy: policy({ script: `'self' ${digest(start)}`, style: "'self'", worker: "'self'", connect: "'self'", nonce }),
    head: [
      `<script>${inline(start)}</script>`,
      '<link rel="stylesheet" href="page.css" />',
      '<script src="page.js" defer></script>',
    ].join("\n    "),
    body: "",
  }),
  "page.css": css,
  "page.js": page,
  "worker.js": worker,
  "hallpass_bg.wasm": wasm,
};
for (const [name, content] of Object.entries(site)) await write(join(out, "site", name), content);

const single = fill(html, {
  policy: policy({ script: `${digest(start)} ${digest(page)}`, style: digest(css), worker: "blob:", connect: "'none'", nonce }),
  head: `<style>${css}</style>`,
  body: [
    // Compressed, because Base64 text hardly compresses.
    `<script id="module" type="application/octet-stream">${deflateRawSync(wasm, { level: 9 }).toString("base64")}</script>`,
    `<script id="worker" type="text/plain">${inline(worker)}</script>`,
    `<script>${inline(start)}</script>`,
    `<script>${inline(page)}</script>`,
  ].join("\n    "),
});
await write(join(out, "hallpass.html"), single);
