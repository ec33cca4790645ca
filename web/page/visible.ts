// Makes user text safe to show: like `visible` in the Rust crates, escapes characters that could hide text or change
// its direction.

const UNSEEN = "\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}\\u{fff9}-\\u{fffb}";

/** Characters that the editor shows in its own way, like control characters. */
export const unseen = new RegExp(`[${UNSEEN}]`, "gu");

const hidden = new RegExp(`[\\p{Cc}${UNSEEN}]`, "gu");

const SHORT: Record<string, string> = { "\t": "\\t", "\n": "\\n", "\r": "\\r" };

export function visible(text: string): string {
  return text.replace(hidden, (c) => SHORT[c] ?? `\\u{${c.codePointAt(0)?.toString(16) ?? ""}}`);
}

/** Returns JSON as the command line prints it. Apart from line breaks, hidden characters occur only in strings. */
export function visibleJson(value: unknown): string {
  const escaped = (c: string) => c.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return `${JSON.stringify(value, null, 2).replace(hidden, (c) => (c === "\n" ? c : escaped(c)))}\n`;
}
