// Text of users, made fit to show: as `visible` of the Rust crates has it, a character that could hide what a text says, or turn
// it around, is shown as its escape.

const UNSEEN = "\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}\\u{fff9}-\\u{fffb}";

/** What the editor shows in its own way, as it does control characters. */
export const unseen = new RegExp(`[${UNSEEN}]`, "gu");

const hidden = new RegExp(`[\\p{Cc}${UNSEEN}]`, "gu");

const SHORT: Record<string, string> = { "\t": "\\t", "\n": "\\n", "\r": "\\r" };

export function visible(text: string): string {
  return text.replace(hidden, (c) => SHORT[c] ?? `\\u{${c.codePointAt(0)?.toString(16) ?? ""}}`);
}
