// The rules of docs/semantics.md as HTML, for the page's dialog: one `<section data-rule="m7">` per heading.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Marked } from "marked";

const TAG = /\[(DOC|TEST|LOG|PAIR|INFER|CHOICE|K8S)\]/g;

export async function rules(root) {
  const text = await readFile(join(root, "docs/semantics.md"), "utf8");
  const marked = new Marked({ renderer });
  const sections = [];
  for (const token of marked.lexer(text)) {
    if (token.type === "heading" && token.depth > 1) sections.push({ heading: token, body: [] });
    else sections.at(-1)?.body.push(token);
  }
  const html = sections.map(({ heading, body }) => {
    const id = /<a id="([\w-]+)"><\/a>/.exec(heading.raw)?.[1] ?? slug(heading.text);
    const content = marked.parser(body);
    // The section itself explains the tags.
    const linked = id === "evidence" ? content : content.replace(TAG, '<a href="#evidence">$&</a>');
    return { id, html: `<section data-rule="${id}"><h2>${marked.parser([{ ...heading, type: "text" }]).trim()}</h2>${linked}</section>` };
  });
  return reachable(html)
    .map(({ html }) => html)
    .join("");
}

/** The rules, and the sections that they lead to. */
function reachable(sections) {
  const of = new Map(sections.map((section) => [section.id, section]));
  const found = new Set([...of.keys()].filter((id) => /^[a-z]\d+$/.test(id)));
  for (const id of found) {
    for (const [, target] of of.get(id).html.matchAll(/href="#([^"]*)"/g)) {
      if (!of.has(target)) throw new Error(`docs/semantics.md links to \`#${target}\`, which no section has`);
      found.add(target);
    }
  }
  return sections.filter(({ id }) => found.has(id));
}

const renderer = {
  link({ href, tokens }) {
    const content = this.parser.parseInline(tokens);
    if (href.startsWith("#")) return `<a href="${href}">${content}</a>`;
    if (href.startsWith("https://")) return `<a href="${href}" target="_blank" rel="noopener noreferrer">${content}</a>`;
    // A file of the repository, which the page does not have.
    return content;
  },
  html({ text }) {
    if (/^<a id="[\w-]+"><\/a>$|^<\/?a\b[^>]*>$/.test(text.trim())) return "";
    throw new Error(`docs/semantics.md contains HTML: ${text}`);
  },
};

/** GitHub's anchor for a title. */
function slug(title) {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, "")
    .replaceAll(" ", "-");
}
