// Converts lines and columns of reports, which count Unicode scalars, to offsets in an editor, which count UTF-16 code
// units.

import type { Text } from "@codemirror/state";

export interface Position {
  line: number;
  column: number;
  /** The column after the value, if it is on the line. */
  endColumn?: number | undefined;
}

export interface Range {
  from: number;
  to: number;
}

/** Clamps the position to the text, which may have changed since the report. */
export function range(text: Text, { line, column, endColumn }: Position): Range {
  const { from, text: content } = text.line(Math.min(Math.max(line, 1), text.lines));
  const start = offset(content, column - 1);
  const end = endColumn === undefined ? content.trimEnd().length : offset(content, endColumn - 1);
  return { from: from + Math.min(start, content.length), to: from + Math.max(start, end) };
}

/** The start of the scalar with this index. */
function offset(content: string, scalars: number): number {
  let at = 0;
  for (let count = 0; count < scalars && at < content.length; count += 1) {
    at += (content.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  }
  return at;
}
