// The configuration of the page's editors.

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, nextDiagnostic, previousDiagnostic } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  placeholder,
} from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { unseen } from "./visible";

/** The Content-Security-Policy allows styles with this nonce, which the editor creates. */
const nonce = document.querySelector<HTMLMetaElement>("meta[name=style-nonce]")?.content ?? "";

const shared: Extension = [
  EditorView.cspNonce.of(nonce),
  lineNumbers(),
  lintGutter(),
  highlightSpecialChars({ addSpecialChars: unseen }),
  history(),
  drawSelection(),
  EditorState.allowMultipleSelections.of(true),
  indentOnInput(),
  bracketMatching(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  highlightSelectionMatches(),
  search({ top: true }),
  yaml(),
  syntaxHighlighting(classHighlighter),
  // Tab leaves the editor, as everywhere on a page.
  keymap.of([
    ...defaultKeymap,
    ...historyKeymap,
    ...searchKeymap,
    { key: "F8", run: nextDiagnostic },
    { key: "Shift-F8", run: previousDiagnostic },
  ]),
];

/** The state of one file's editor. */
export function editorState(content: string, label: string, hint: string, changed: () => void): EditorState {
  return EditorState.create({
    doc: content,
    extensions: [
      shared,
      placeholder(hint),
      EditorView.contentAttributes.of({
        "aria-label": label,
        autocapitalize: "off",
        spellcheck: "false",
        tabindex: "0",
      }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) changed();
      }),
    ],
  });
}
