"""Prints what RE2 says to a file of questions, a line for each: `match`, `no match` or `error`.

    python3 ask.py FILE

A question is a pattern, a tab and a text, in the notation that regenerate.py explains.
"""

import sys
from pathlib import Path

from regenerate import ask_re2, expand

for line in Path(sys.argv[1]).read_text("utf-8").rstrip("\n").split("\n"):
    print(ask_re2(*map(expand, line.split("\t"))))
