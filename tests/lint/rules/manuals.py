# SPDX-License-Identifier: LGPL-2.1-or-later
"""Manuals against what they describe: exit statuses, errors, topics, subcommands, checks, keys of JSON, variables, pages."""
import json
import re

from tree import Control, Rule

MANUAL = "data/man/dealctl.1"
DAEMON_MANUAL = "data/man/dealdeskd.8"
CHECK_MANUAL = "data/man/dealdesk-plugin-check.1"
TOPICS = "ctl/topics/topics.gresource.xml"
# Made at build time of the interface, by a program that ends where something isn't documented.
BUS_REFERENCE = ("org.dealdesk1", "5")


def section(text, name):
    """The lines of a page's section."""
    return text.partition(f".Sh {name}\n")[2].partition("\n.Sh ")[0]


def words_of(text):
    return set(re.findall(r"[\w-]+", text))


def disagreement(path, documented, real, what):
    return (
        [f"{path}:1: {what} {one} isn't in it" for one in sorted(real - documented)]
        + [f"{path}:1: {what} {one} is in it, and there is none" for one in sorted(documented - real)]
    )


def exit_statuses(tree):
    """Each program's page lists just the statuses that it ends with; of dealctl the topic does, too."""
    findings = []
    for source, pattern, common, manual in (
        ("ctl/fault.h", r"CTL_EXIT_\w+ = (\d+)", set(), MANUAL),
        ("daemon/main.c", r"#define EXIT_\w+\s+(\d+)", {"0", "1"}, DAEMON_MANUAL),
    ):
        if tree.has(source):
            real = set(re.findall(pattern, tree.text(source))) | common
            documented = set(re.findall(r"^\.It (\d+)$", section(tree.text(manual), "EXIT STATUS"), re.MULTILINE))
            findings += disagreement(manual, documented, real, "exit status")
            for topic in tree.match(r"ctl/topics/(\w+/)?exit-statuses\.txt$") if manual == MANUAL else ():
                documented = set(re.findall(r"^  (\d+)  ", tree.text(topic), re.MULTILINE))
                findings += disagreement(topic, documented, real, "exit status")
    return findings


def errors(tree):
    """Each code has its bus name in the same place, with its meaning behind it, and an exit status of dealctl's."""
    codes = re.findall(r"^  (DD_ERROR_\w+),", tree.text("daemon/core/error.h"), re.MULTILINE)
    names = re.findall(r'^\s*"(\w+)",(?:\s*/\*)?', tree.text("dbus/error-names.h"), re.MULTILINE)
    explained = re.findall(r'^\s*"(\w+)",\s*/\* \S.* \*/$', tree.text("dbus/error-names.h"), re.MULTILINE)
    expected = ["".join(word.capitalize() for word in code.split("_")[2:]) for code in codes]
    ended = re.findall(r"\[(DD_ERROR_\w+)\] = CTL_EXIT_", tree.text("ctl/fault.c"))
    return (
        [f"dbus/error-names.h:1: {a} isn't in the place of {b}" for a, b in zip(names, expected) if a != b]
        + disagreement("dbus/error-names.h", set(names), set(expected), "name")
        + [f"dbus/error-names.h:1: {name} has no meaning behind it" for name in names if name not in explained]
        + disagreement("ctl/fault.c", set(ended), set(codes), "status of")
    )


def topics(tree):
    """Each topic is a file, in the program and in dealctl's page; a translation is of one that there is."""
    files = {path[len("ctl/topics/"):] for path in tree.match(r"ctl/topics/.*\.txt$")}
    names = {path[:-len(".txt")] for path in files if "/" not in path}
    item = tree.text(MANUAL).partition(".It Cm help Ar topic\n")[2].partition("\n.It ")[0]
    documented = {word for line in re.findall(r"^\.Cm (.*)$", item, re.MULTILINE) for word in words_of(line)}
    return (
        disagreement(TOPICS, set(re.findall(r"<file>(.*?)</file>", tree.text(TOPICS))), files, "file")
        + disagreement(MANUAL, documented, names, "topic")
        + [f"ctl/topics/{path}:1: a translation of no topic"
           for path in sorted(files) if path.rpartition("/")[2][:-len(".txt")] not in names]
    )


def subcommands(tree):
    """Each subcommand of plugin, and each of what a verb's usage lists as such, has an item in dealctl's page."""
    items = set(re.findall(r"^\.It (?:Xo )?Cm ([a-z-]+ [a-z-]+)", tree.text(MANUAL), re.MULTILINE))
    table = tree.text("ctl/verb-plugin.c").partition("subcommands[] = {\n")[2].partition("\n};")[0]
    real = {f"plugin {name}" for name in re.findall(r'^  \{ "([a-z]+)"', table, re.MULTILINE)}
    for verb, usage in re.findall(r'^  \{ "(\w+)", (?:[^"{]*"){4}[^"{]*"([a-z]+(?:[| ][^"]*)?)"', tree.text("ctl/verbs.c"),
                                  re.MULTILINE):
        forms = re.sub(r"\[[^]]*\]", "", usage).split("|")
        real |= {f"{verb} {form.split()[0]}" for form in forms if form.split() and form.split()[0].islower()}
    documented = {item for item in items if item.split()[0] in {name.split()[0] for name in real}}
    return disagreement(MANUAL, documented, real, "subcommand")


def checks(tree):
    """Each check of dealdesk-plugin-check is in its page."""
    code = "".join(tree.text(path) for path in tree.match(r"daemon/conformance/checks/checks\.c$"))
    named = re.findall(r'^  \{ "([a-z-]+)",', code, re.MULTILINE) + re.findall(r'dd_result_new \("([a-z-]+)"', code)
    named += re.findall(r'kind_name "(-[a-z]+)"', code)
    heads = section(tree.text(CHECK_MANUAL), "CHECKS") if named else ""
    documented = {
        word for head in re.findall(r"^\.(?:It|Ar KIND).*$", heads, re.MULTILINE) for word in re.findall(r"[\w-]+", head)
    }
    return [f"{CHECK_MANUAL}:1: check {name} isn't in it" for name in named if name not in documented]


def keys_in(schema):
    """The members that a schema names, and those of what they hold."""
    for name, part in schema.get("properties", {}).items():
        yield name
        yield from keys_in(part)
    for inner in ("items", "additionalProperties"):
        if isinstance(schema.get(inner), dict):
            yield from keys_in(schema[inner])


def json_keys(tree):
    """Each member of a verb's --json is in the verb's item of dealctl's page; of the moves there is one item."""
    items = re.split(r"^\.It ", section(tree.text(MANUAL), "JSON"), flags=re.MULTILINE)[1:]
    heads = [(words_of(item.partition("\n")[0]), words_of(item)) for item in items]
    moves = {word for head, words in heads if "moves" in head for word in words}
    findings = []
    for path in tree.match(r"data/schemas/dealctl-.*\.json$"):
        verb = path[len("data/schemas/dealctl-"):-len(".json")].split("-")[0]
        own = [words for head, words in heads if verb in head]
        # An item may say "a list of steps" or "orders, as below": they are the moves' and the orders'.
        known = moves.union(*own, *(words for head, words in heads if "orders" in head))
        findings += [
            f"{MANUAL}:1: key {key} of {path} isn't in the item of {verb}"
            for key in sorted(set(keys_in(json.loads(tree.text(path)))) - known)
        ]
    return findings


def environment(tree):
    """Each variable that dealctl reads is in its page."""
    documented = words_of(section(tree.text(MANUAL), "ENVIRONMENT") + " ".join(
        re.findall(r"^\.Ev .*$", tree.text(MANUAL), re.MULTILINE)))
    return [
        f"{MANUAL}:1: variable {name} of {path} isn't in it"
        for path in tree.match(r"ctl/.*\.c$") for name in re.findall(r'g_getenv \("(\w+)"\)', tree.text(path))
        if name not in documented
    ]


def options_exist(tree):
    """A page describes no option that its program hasn't."""
    findings = []
    for manual, sources, others in (
        (MANUAL, r"ctl/.*\.c$", {"schema", "version"}),
        (DAEMON_MANUAL, r"daemon/main\.c$", {"help"}),
        (CHECK_MANUAL, r"daemon/conformance/main\.c$", {"help"}),
    ):
        real = others | {
            name for path in tree.match(sources)
            for name in re.findall(r'\{\s*"([a-z][a-z-]*)",[^{}]*?G_OPTION_ARG_', tree.text(path))
        }
        described = {
            name for line in re.findall(r"^\.It .*$", tree.text(manual), re.MULTILINE) if tree.has(manual)
            for name in re.findall(r"Fl -([a-z][a-z-]*)", line)
        } if tree.has(manual) else set()
        findings += [f"{manual}:1: option --{name} is in it, and there is none" for name in sorted(described - real)]
    return findings


def pages(tree):
    """Each page of ours is installed and in README's table, and a reference to a page of ours leads to one."""
    findings = []
    paths = tree.match(r"data/man/.*\.[1-8]$")
    ours = {BUS_REFERENCE} | {tuple(path.rpartition("/")[2].rsplit(".", 1)) for path in paths}
    for name, number in sorted(ours):
        if f"{name}({number})" not in tree.text("README.md"):
            findings.append(f"README.md:1: doesn't name {name}({number})")
        if (name, number) != BUS_REFERENCE and f"man/{name}.{number}'" not in tree.text("data/meson.build"):
            findings.append(f"data/meson.build:1: doesn't install man/{name}.{number}")
    for path in paths:
        for name, number in re.findall(r"^\.Xr (\S+) (\d)", tree.text(path), re.MULTILINE):
            if re.match(r"deal|org\.deal", name) and (name, number) not in ours:
                findings.append(f"{path}:1: there is no {name}({number})")
    return findings


def page(**sections):
    return "".join(f".Sh {name.replace('_', ' ')}\n{text}\n" for name, text in sections.items())


STATUSES = {"ctl/fault.h": "  CTL_EXIT_DONE = 0,\n  CTL_EXIT_USAGE = 2\n", MANUAL: page(EXIT_STATUS=".It 0\nDone.\n.It 2\nWrong.")}
ERRORS = {
    "daemon/core/error.h": "  DD_ERROR_FAILED, /* f */\n  DD_ERROR_NOT_FOUND, /* n */\n",
    "dbus/error-names.h": '  "Failed", /* A fault. */\n  "NotFound", /* None. */\n',
    "ctl/fault.c": "  [DD_ERROR_FAILED] = CTL_EXIT_FAILED,\n  [DD_ERROR_NOT_FOUND] = CTL_EXIT_NOT_FOUND,\n",
}
TOPIC = {"ctl/topics/a.txt": "", TOPICS: "<file>a.txt</file>", MANUAL: ".It Cm help Ar topic\nExplain:\n.Cm a .\n.It Cm b\n"}
SUBCOMMANDS = {
    "ctl/verb-plugin.c": 'subcommands[] = {\n  { "list", "", 0 },\n};',
    "ctl/verbs.c": '  { "config", N_ ("A"), N_ ("b"),\n    "check [FILE]|show [FILE]", 1,\n',
    MANUAL: ".It Cm plugin list\n.It Cm config check Op a\n.It Cm config show\n.It Cm list Op b\n",
}
CHECKS = {"daemon/conformance/checks/checks.c": '  { "open", "opens", f },\n', CHECK_MANUAL: page(CHECKS=".It Cm load , open\nOpens.")}
KEYS = {
    "data/schemas/dealctl-list.json": '{"properties":{"deals":{"items":{"properties":{"id":{}}}}}}',
    MANUAL: page(JSON=".It Cm list\n.Li deals Pq Li id\n.It Cm show\n.Li title"),
}
OPTIONS = {"ctl/a.c": '{ "limit", 0, 0, G_OPTION_ARG_INT, &x }', MANUAL: ".It Fl -limit Ar n\n"}
PAGES = {
    "data/man/dealctl.1": ".Xr less 1 ,\n.Xr dealctl 1\n",
    "data/meson.build": "install_man ('man/dealctl.1')",
    "README.md": "dealctl(1) org.dealdesk1(5)",
}

RULES = [
    Rule(
        "exit-statuses", exit_statuses,
        controls=[
            Control("exit status 3 isn't in it", {**STATUSES, "ctl/fault.h": STATUSES["ctl/fault.h"] + "  CTL_EXIT_C = 3\n"}),
            Control("exit status 2 is in it", {**STATUSES, "ctl/fault.h": "  CTL_EXIT_DONE = 0,\n"}),
            Control("fr/exit-statuses.txt:1: exit status 2", {**STATUSES, "ctl/topics/fr/exit-statuses.txt": "  0  fait\n"}),
            Control("exit status 4", {"daemon/main.c": "#define EXIT_X 4\n", DAEMON_MANUAL: page(EXIT_STATUS=".It 0\n.It 1")}),
        ],
        clean=STATUSES,
    ),
    Rule(
        "errors", errors,
        controls=[
            Control("NotFound has no meaning", {**ERRORS, "dbus/error-names.h": '  "Failed", /* A. */\n  "NotFound",\n'}),
            Control("Gone isn't in the place", {**ERRORS, "dbus/error-names.h": '  "Failed", /* A. */\n  "Gone", /* B. */\n'}),
            Control("status of DD_ERROR_NOT_FOUND", {**ERRORS, "ctl/fault.c": "  [DD_ERROR_FAILED] = CTL_EXIT_FAILED,\n"}),
        ],
        clean=ERRORS,
    ),
    Rule(
        "topics", topics,
        controls=[
            Control("file b.txt isn't in it", {**TOPIC, "ctl/topics/b.txt": ""}),
            Control("topic b isn't in it", {**TOPIC, "ctl/topics/b.txt": "", TOPICS: "<file>a.txt</file><file>b.txt</file>"}),
            Control("fr/c.txt:1: a translation of no", {**TOPIC, "ctl/topics/fr/c.txt": ""}),
        ],
        clean=TOPIC,
    ),
    Rule(
        "subcommands", subcommands,
        controls=[
            Control("subcommand plugin info", {**SUBCOMMANDS, "ctl/verb-plugin.c": 'subcommands[] = {\n  { "info", "" },\n};'}),
            Control("subcommand config show isn't", {**SUBCOMMANDS, MANUAL: ".It Cm plugin list\n.It Cm config check\n"}),
            Control("subcommand plugin off is in it", {**SUBCOMMANDS, MANUAL: SUBCOMMANDS[MANUAL] + ".It Cm plugin off\n"}),
        ],
        clean=SUBCOMMANDS,
    ),
    Rule(
        "checks", checks,
        controls=[
            Control("check shut", {**CHECKS, "daemon/conformance/checks/checks.c": '  { "shut", "shuts", f },\n'}),
            Control("check rights", {**CHECKS, "daemon/conformance/checks/checks.c": 'dd_result_new ("rights", "r");\n'}),
        ],
        clean=CHECKS,
    ),
    Rule(
        "json-keys", json_keys,
        controls=[Control("key title of", {**KEYS, "data/schemas/dealctl-list.json": '{"properties":{"title":{}}}'})],
        clean=KEYS,
    ),
    Rule(
        "environment", environment,
        controls=[Control("variable FAST", {"ctl/a.c": 'g_getenv ("FAST")', MANUAL: page(ENVIRONMENT=".It Ev SLOW")})],
        clean={"ctl/a.c": 'g_getenv ("FAST")', MANUAL: page(ENVIRONMENT=".It Ev FAST")},
    ),
    Rule(
        "options-exist", options_exist,
        controls=[Control("option --most", {**OPTIONS, MANUAL: ".It Fl -limit Ar n | Fl -most\n"})],
        clean=OPTIONS,
    ),
    Rule(
        "pages", pages,
        controls=[
            Control("there is no dealdesk.conf(5)", {**PAGES, "data/man/dealctl.1": ".Xr dealdesk.conf 5 ,\n"}),
            Control("doesn't name dealctl(1)", {**PAGES, "README.md": "org.dealdesk1(5)"}),
            Control("doesn't install man/dealctl.1", {**PAGES, "data/meson.build": ""}),
        ],
        clean=PAGES,
    ),
]
