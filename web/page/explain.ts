// Opens the text of a rule: the section of docs/semantics.md, which the page carries in a template, or what the module knows
// of a rule of lint.

import type { LintRule } from "hallpass-policy/web";
import { byId, h } from "./dom";
import { prose } from "./prose";

const dialog = byId<HTMLDialogElement>("rule");
const text = byId("rule-text");
const back = byId("rule-back");
const sections = new Map(
  [...byId<HTMLTemplateElement>("rules").content.querySelectorAll<HTMLElement>("section")].map((section) => [
    section.dataset["rule"] ?? "",
    section,
  ]),
);

/** The sections that were opened one from another, the shown one last. */
let trail: string[] = [];

/** Returns a button that opens a rule: `M7`. Without such a rule, returns only the label. */
export function ruleButton(rule: string): HTMLElement {
  const id = rule.toLowerCase();
  return sections.has(id) ? button(id, rule, "tag") : h("span", { class: "tag" }, rule);
}

/** The same for a constraint, by its name. */
export function constraintButton(constraint: string): HTMLElement {
  const id = defining(constraint);
  return id === undefined ? h("span", {}, constraint) : button(id, constraint, "constraint-name");
}

/** The same for a rule of lint. `known` returns what is known of all. */
export function lintRuleButton(rule: string, known: () => Promise<LintRule[]>): HTMLElement {
  const explain = async () => {
    for (const one of await known()) sections.set(one.id, lintSection(one));
    open([rule]);
  };
  return h("button", { type: "button", class: "tag explain", title: `Explain ${rule}`, click: () => void explain() }, rule);
}

function lintSection({ id, level, summary, rationale, bad, good }: LintRule): HTMLElement {
  const example = (label: string, yaml: string) => [h("p", {}, label), code(yaml, label)];
  return h(
    "section",
    {},
    h("h2", {}, id),
    h("p", {}, h("strong", {}, prose(`${level}: ${summary}`))),
    rationale.split("\n\n").map((paragraph) => h("p", {}, prose(paragraph))),
    example("Instead of", bad),
    example("write", good),
  );
}

function code(yaml: string, label: string): HTMLElement {
  return h("pre", { tabindex: 0, role: "group", "aria-label": label }, yaml.trimEnd().split("\n").flatMap((line) => [line, h("br")]));
}

function button(id: string, label: string, style: string): HTMLElement {
  return h("button", { type: "button", class: `${style} explain`, title: `Explain ${label}`, click: () => open([id]) }, label);
}

/** The rule with a paragraph or table row that starts with the constraint's name, or the first that mentions it. */
function defining(constraint: string): string | undefined {
  const quotes = (section: HTMLElement) => [...section.querySelectorAll("code")].filter((code) => code.textContent === constraint);
  const rules = [...sections].filter(([id]) => /^c\d/.test(id));
  const defines = rules.find(([, section]) => quotes(section).some((code) => code.previousSibling === null));
  return (defines ?? rules.find(([, section]) => quotes(section).length > 0))?.[0];
}

function open(opened: string[]): void {
  const section = sections.get(opened.at(-1) ?? "");
  if (section === undefined) return;
  trail = opened;
  const [title, ...content] = (section.cloneNode(true) as HTMLElement).childNodes;
  byId("rule-title").replaceChildren(...(title?.childNodes ?? []));
  text.replaceChildren(...content);
  text.scrollTop = 0;
  back.hidden = trail.length < 2;
  if (!dialog.open) dialog.showModal();
  text.focus();
}

text.addEventListener("click", (event) => {
  const target = (event.target as Element).closest("a")?.getAttribute("href");
  // The fragment of the page's URL is for links to its contents.
  if (target?.startsWith("#") !== true) return;
  event.preventDefault();
  open([...trail, target.slice(1)]);
});
back.addEventListener("click", () => open(trail.slice(0, -1)));
byId("rule-close").addEventListener("click", () => dialog.close());
