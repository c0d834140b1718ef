# SPDX-License-Identifier: LGPL-2.1-or-later
"""What every source file owes: a licence line, finished work, plain text."""
import re
import sys

from tree import Control, Rule, find_in

LICENCE = "SPDX-License-Identifier: LGPL-2.1-or-later"
# What authors start from must bind nobody who copies it.
FREER = LICENCE + " OR 0BSD"
COPIED = r"plugins/examples/[^/]+/.*"
# Put together, so that this file doesn't refuse itself. (Three X are the ISO 4217 code for "no currency".)
UNFINISHED = r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "HA" + "CK"]) + r")\b"
LICENSED = r"dev$|\.ci/run$|.*\.(c|h|py|sh|sql|xml|policy|conf|build|rules|options|service)(\.in)?$|.*meson_options\.txt$"
WRITTEN = r"dev$|.*\.(c|h|py|sh|sql|xml|build|md|plugin|in|conf|[1-8])$"
LONG = 600


def licence(tree):
    """In the first lines: an XML file and a script have others before it."""
    findings = []
    for path in tree.match(LICENSED):
        wanted = FREER if re.match(COPIED, path) else LICENCE
        if not re.search(re.escape(wanted) + r"(?! OR )\b", "\n".join(tree.text(path).split("\n")[:5])):
            findings.append(f"{path}:1: no '{wanted}' in the first 5 lines, or another licence beside it")
    return findings


def unfinished(tree):
    return [
        finding for path in tree.match(WRITTEN)
        for finding in find_in(path, tree.text(path), UNFINISHED, "finish it, or leave it out")
    ]


def layout(tree):
    findings = []
    for path in tree.match(WRITTEN):
        try:
            text = tree.text(path)
        except UnicodeDecodeError:
            findings.append(f"{path}:1: not UTF-8")
            continue
        if text and not text.endswith("\n"):
            findings.append(f"{path}:{text.count(chr(10)) + 1}: no newline at the end")
        findings += find_in(path, text, r"[ \t]+$", "white space at the end of a line")
        findings += find_in(path, text, r"\r", "carriage return")
        if re.match(r".*\.[ch]$", path):
            findings += find_in(path, text, r"\t", "tab")
    return findings


def length(tree):
    """Warns only: a long file is probably two ideas, but a person judges that."""
    for path in tree.match(r".*\.(c|h|py|sh)$"):
        lines = tree.text(path).count("\n")
        if lines > LONG:
            print(f"# warning: {path} has {lines} lines, over {LONG}; probably two ideas", file=sys.stdout)
    return []


RULES = [
    Rule(
        "licence", licence,
        controls=[
            Control("a.c:1", {"a.c": "int a;\n"}),
            Control("b.c:1", {"b.c": f"/* {FREER} */\n"}),
            Control("plugins/examples/handoff/c.c:1", {"plugins/examples/handoff/c.c": f"/* {LICENCE} */\n"}),
            Control("dev:1", {"dev": "#!/bin/sh\n\n\n\n\n# " + LICENCE + "\n"}),
        ],
        clean={"a.c": f"/* {LICENCE} */\n", "plugins/examples/pricing/d.c": f"/* {FREER} */\n", "x.xml": f'<?xml version="1.0"?>\n<!-- {LICENCE} -->\n<node/>\n'},
    ),
    Rule(
        "unfinished", unfinished,
        controls=[Control("a.c:2", {"a.c": "int a;\n/* " + "TO" + "DO: b */\n"})],
        clean={"a.c": "int hackney;\n"},
    ),
    Rule(
        "layout", layout,
        controls=[
            Control("no newline", {"a.c": "int a;"}),
            Control("white space", {"a.md": "text  \n"}),
            Control("tab", {"a.c": "\tint a;\n"}),
            Control("not UTF-8", {"a.c": b"/* \x92 */\n"}),
        ],
        clean={"a.c": "int a;\n"},
    ),
    Rule("length", length),
]
