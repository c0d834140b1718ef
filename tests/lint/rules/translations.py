# SPDX-License-Identifier: LGPL-2.1-or-later
"""What dealctl says to people can be translated, and the languages that are shipped are complete."""
import os
import re
import tempfile

from rules.tools import run, told
from tree import Control, Rule

FILES = "po/POTFILES"
LANGUAGES = "po/LINGUAS"

# As in po/meson.build; GLib's preset has the first three.
EXTRACT = [
    "xgettext", "--from-code=UTF-8", "--language=C", "--keyword=_", "--keyword=N_", "--keyword=CTL_N:1,2",
    "--flag=ctl_usage:2:c-format", "--flag=dd_fail:3:c-format", "--flag=g_strdup_printf:1:c-format",
    "--flag=g_string_append_printf:2:c-format",
]

# A format that gettext can't know: what the macro says differs by machine.
MACRO = re.compile(r'\bN?_ \([^;()]*" G_\w+_FORMAT')
MARKED = re.compile(r'\b(?:N?_|CTL_N) \("')
# A literal where only a marked one belongs.
UNMARKED = [
    (re.compile(r'\bctl_usage \(&?error,\s*"'), "a message of ctl_usage ()"),
    (re.compile(r'\bdd_fail \(\s*&?error,\s*DD_ERROR_\w+,\s*"(?!%s: %s")'), "a message of dd_fail ()"),
    (re.compile(r'\{\s*"\w+",\s*"[^"]*",\s*CTL_CELL_'), "a heading"),
    (re.compile(r'\{\s*(?:NULL|"\w+"),\s*"[^"]*",\s*CTL_SHAPE_'), "a title"),
    (re.compile(r'G_OPTION_ARG_\w+,\s*&[\w.>-]+,\s*"'), "an option's help"),
]


def lines_of(tree, path):
    return [line for line in tree.text(path).splitlines() if line.strip() and not line.startswith("#")]


def marked(tree):
    """Nothing is said to people that isn't marked, and files with marks are listed."""
    findings = []
    listed = lines_of(tree, FILES)
    for path in sorted(tree.match(r"ctl/.*\.c$")):
        text = tree.text(path)
        for pattern, what in UNMARKED:
            for match in pattern.finditer(text):
                number = text.count("\n", 0, match.start()) + 1
                findings.append(f"{path}:{number}: {what} isn't marked by _ () or N_ ()")
        if MACRO.search(text):
            findings.append(f"{path}:1: a message has a G_…_FORMAT, which xgettext doesn't know; use %s, %zu or PRI…")
        if MARKED.search(text) and path not in listed:
            findings.append(f"{FILES}:1: {path} isn't in it")
    findings += [f"{FILES}:1: {path} isn't there" for path in listed if not tree.has(path)]
    return findings


def unfinished(tree):
    return re.findall(r"^# unfinished: (\w+)$", tree.text(LANGUAGES), re.MULTILINE)


def complete(tree):
    """Each language that isn't named as unfinished has all messages of today, translated, with the right formats."""
    findings = []
    languages = lines_of(tree, LANGUAGES)
    with tempfile.TemporaryDirectory() as folder:
        template = os.path.join(folder, "dealdesk.pot")
        status, output = run([*EXTRACT, f"--output={template}", *lines_of(tree, FILES)], cwd=tree.root)
        findings += told(status, output)
        for language in languages:
            path = f"po/{language}.po"
            if not tree.has(path):
                findings.append(f"{path}:1: isn't there")
                continue
            findings += told(*run(["msgfmt", "--check", "--output-file=/dev/null", tree.absolute(path)]))
            if findings or language in unfinished(tree):
                continue
            merged = os.path.join(folder, f"{language}.po")
            findings += told(*run(["msgmerge", "--quiet", f"--output-file={merged}", tree.absolute(path), template]))
            _, output = run(["msgfmt", "--statistics", "--output-file=/dev/null", merged])
            if re.search(r"fuzzy|untranslated", output):
                findings.append(f"{path}:1: isn't complete: {output.strip()}")
    return findings


HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nLanguage: fr\\nMIME-Version: 1.0\\nProject-Id-Version: x\\nPO-Revision-Date: 2026-01-01 00:00+0000\\nLast-Translator: x\\nLanguage-Team: x\\nContent-Transfer-Encoding: 8bit\\n"\n\n'
SOURCE = 'static const char *x = N_ ("No deals.");\n'
GOOD = {
    FILES: "ctl/a.c\n", LANGUAGES: "fr\n", "ctl/a.c": SOURCE,
    "po/fr.po": HEADER + 'msgid "No deals."\nmsgstr "Aucune affaire."\n',
}

RULES = [
    Rule(
        "messages", marked,
        controls=[
            Control("ctl/a.c isn't in it", {**GOOD, FILES: ""}),
            Control("ctl/b.c isn't there", {**GOOD, FILES: "ctl/a.c\nctl/b.c\n"}),
            Control("ctl/a.c:1: a message", {**GOOD, "ctl/a.c": 'return ctl_usage (error, "no");\n' + SOURCE}),
            Control("xgettext doesn't know", {**GOOD, "ctl/a.c": '_ ("%" G_GSIZE_FORMAT " bytes")\n' + SOURCE}),
            Control("ctl/a.c:1: a heading", {**GOOD, "ctl/a.c": '{ "id", "Deal", CTL_CELL_TEXT, NULL },\n' + SOURCE}),
        ],
        clean=GOOD,
    ),
    Rule(
        "translations", complete,
        controls=[
            Control("isn't complete", {**GOOD, "po/fr.po": HEADER}),
            Control("isn't complete", {**GOOD, "ctl/a.c": SOURCE + 'static const char *y = N_ ("No orders.");\n'}),
            Control("po/fr.po:1: isn't there", {key: text for key, text in GOOD.items() if key != "po/fr.po"}),
            Control("format", {
                **GOOD, "ctl/a.c": 'ctl_usage (error, _ ("%s is no deal"), x);\n',
                "po/fr.po": HEADER + '#, c-format\nmsgid "%s is no deal"\nmsgstr "%d"\n',
            }),
        ],
        clean={**GOOD, LANGUAGES: "# unfinished: de\nde\nfr\n", "po/de.po": HEADER.replace("fr", "de")},
    ),
]
