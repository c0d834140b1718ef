# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is offered is documented: methods, verbs, plugins, commands."""
import re

from tree import Control, Rule

XML = "dbus/org.dealdesk1.xml"
VERBS = "ctl/verbs.c"
MANUAL = "data/man/dealctl.1"
DAEMON_MANUAL = "data/man/dealdeskd.8"


def methods(tree):
    """Each method and signal follows a comment."""
    findings = []
    previous = ""
    for number, line in enumerate(tree.text(XML).split("\n"), 1):
        match = re.match(r'\s*<(method|signal) name="(\w+)"', line)
        if match and not previous.endswith("-->"):
            findings.append(f"{XML}:{number}: {match.group(1)} {match.group(2)} has no comment above it")
        previous = line.strip() or previous
    return findings


def verbs(tree):
    """Each row of the verb table, `{ "verb", …`, has an item in dealctl's man page."""
    missing = [path for path in (VERBS, MANUAL) if not tree.has(path)]
    if missing:
        return [f"{path}:1: isn't there" for path in missing]
    named = re.findall(r'^\s*\{\s*(?:\.name\s*=\s*)?"([a-z][a-z-]*)"', tree.text(VERBS), re.MULTILINE)
    if not named:
        return [f"{VERBS}:1: no verb found"]
    items = "\n".join(re.findall(r"^\.(?:It|Ss|SS|Cm|B|Nm|Sh|SH|TP).*$", tree.text(MANUAL), re.MULTILINE))
    return [
        f"{MANUAL}:1: verb '{verb}' of {VERBS} isn't in it"
        for verb in dict.fromkeys(named) if not re.search(rf"(?<![\w-]){re.escape(verb)}(?![\w-])", items)
    ]


def options(tree):
    """Each option of dealctl, of the daemon and of dealdesk-plugin-check is in its man page."""
    findings = []
    for sources, manual in (
        (r"ctl/.*\.c", MANUAL),
        (r"daemon/main\.c", DAEMON_MANUAL),
        (r"daemon/conformance/main\.c", "data/man/dealdesk-plugin-check.1"),
    ):
        text = tree.text(manual) if tree.has(manual) else ""
        for path in sorted(tree.match(sources + "$")):
            code = tree.text(path)
            names = re.findall(r'\{\s*"([a-z][a-z-]*)",\s*[^,{}]+,(?!\s*G_OPTION_FLAG_HIDDEN)[^,{}]+,\s*G_OPTION_ARG_', code)
            names += re.findall(r'(?:strcmp|g_str_equal) \([^"()]*, "--([a-z][a-z-]*)"\)', code)
            for name in names:
                if not re.search(rf"Fl -{re.escape(name)}(?![\w-])", text):
                    findings.append(f"{manual}:1: option --{name} of {path} isn't in it")
    return findings


def settings(tree):
    """What a configuration or a plugin's file may say is in its man page, and every polkit action too."""
    findings = []
    for source, pattern, manual in (
        ("daemon/configuration.c", r'^  \{ ("[A-Z]\w+"(?:, "\w+")+)', "data/man/dealdesk.conf.5"),
        ("daemon/host/manifest.c", r'_(?:keys|names)\[\w*\] = \{([^}]*)\}', "data/man/dealdesk-plugin.7"),
        ("daemon/store/datasets/declaration.c", r'_names\[\] = \{([^}]*)\}', "data/man/dealdesk-plugin.7"),
        ("data/polkit/org.dealdesk1.policy", r'<action id=("[\w.-]+")', DAEMON_MANUAL),
    ):
        if not tree.has(source):
            continue
        text = tree.text(manual) if tree.has(manual) else ""
        for words in re.findall(pattern, tree.text(source), re.MULTILINE):
            findings += [
                f"{manual}:1: {word} of {source} isn't in it"
                for word in re.findall(r'"([\w.-]+)"', words) if not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text)
            ]
    return findings


def plugins(tree):
    """A plugin is a folder of the same three files, and its key file names itself; an example has a Makefile, too."""
    findings = []
    folders = {path.split("/")[1] for path in tree.match(r"plugins/[^/]+/.")} - {"sdk", "common", "examples"}
    for kind in ("pricing", "approval", "negotiation", "handoff") if tree.match(r"plugins/examples/") else ():
        folder = f"plugins/examples/{kind}"
        names = [path.rpartition("/")[2][:-len(".plugin")] for path in tree.match(rf"{folder}/[^/]*\.plugin$")]
        if len(names) != 1 or not re.search(rf"^Id={names[0]}$", tree.text(f"{folder}/{names[0]}.plugin"), re.MULTILINE):
            findings.append(f"{folder}:1: an example has one .plugin file, named after its Id")
        for file in [f"{name}.c" for name in names] + ["Makefile", "README.md"]:
            if not tree.has(f"{folder}/{file}"):
                findings.append(f"{folder}:1: no {file}")
    for name in sorted(folders):
        for file in (f"{name}.c", f"{name}.plugin", "README.md"):
            if not tree.has(f"plugins/{name}/{file}"):
                findings.append(f"plugins/{name}:1: no {file}")
        key_file = f"plugins/{name}/{name}.plugin"
        if tree.has(key_file) and not re.search(rf"^Id={re.escape(name)}$", tree.text(key_file), re.MULTILINE):
            findings.append(f"{key_file}:1: Id isn't {name}")
    return findings


def commands(tree):
    """README gives the two commands, and every command of dev is in its help."""
    findings = []
    readme = tree.text("README.md")
    for command in ("./dev demo", "./dev check"):
        if command not in readme:
            findings.append(f"README.md:1: doesn't give {command}")
    script = tree.text("dev")
    usage = script.partition("<<'EOF'")[2].partition("\nEOF\n")[0]
    for command in re.findall(r"^  ([a-z]+)\)$", script, re.MULTILINE):
        if not re.search(rf"^  {command}\b", usage, re.MULTILINE):
            findings.append(f"dev:1: {command} isn't in its help")
    return findings


def links(tree):
    """A relative link in a Markdown file leads to something."""
    findings = []
    for path in tree.match(r".*\.md$"):
        folder = path.rpartition("/")[0]
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", tree.text(path)):
            if not re.match(r"[a-z]+:", target) and not (tree.root / folder / target).exists():
                findings.append(f"{path}:1: nothing at {target}")
    return findings


GOOD_XML = '<node>\n<!-- a -->\n<method name="A">\n</method>\n</node>\n'

RULES = [
    Rule(
        "methods", methods,
        controls=[Control("method B", {XML: GOOD_XML.replace("</node>", '<method name="B"/>\n</node>')})],
        clean={XML: GOOD_XML},
    ),
    Rule(
        "verbs", verbs,
        controls=[
            Control("'open'", {VERBS: '  { "open", f },\n', MANUAL: ".It Cm reopen\nopen\n"}),
            Control("isn't there", {VERBS: ""}),
        ],
        clean={VERBS: '  { "open", f },\n', MANUAL: ".It Cm open Ar file\n"},
    ),
    Rule(
        "options", options,
        controls=[
            Control("--limit of ctl/a.c", {"ctl/a.c": '{ "limit", 0, 0, G_OPTION_ARG_INT, &x }', MANUAL: ".Fl -limits\n"}),
            Control("--dir of daemon", {"daemon/main.c": '{ "dir", 0, 0, G_OPTION_ARG_NONE, &x }', DAEMON_MANUAL: "dir\n"}),
            Control("--runs of daemon", {"daemon/conformance/main.c": '{ "runs", 0, 0, G_OPTION_ARG_INT, &x }'}),
            Control("--version of ctl/a.c", {"ctl/a.c": 'strcmp (words[1], "--version") == 0', MANUAL: ""}),
        ],
        clean={"ctl/a.c": '{ "limit", 0, 0, G_OPTION_ARG_INT, &x }', MANUAL: ".It Fl -limit Ar n\n"},
    ),
    Rule(
        "settings", settings,
        controls=[
            Control("Path of daemon", {"daemon/configuration.c": '  { "Store", "Path" },\n', "data/man/dealdesk.conf.5": "Store\n"}),
            Control("text of daemon", {"daemon/host/manifest.c": 'type_names[DD_N] = { "text" };', "data/man/dealdesk-plugin.7": ""}),
            Control("Abi of daemon", {"daemon/host/manifest.c": 'a_keys[] = { "Id", "Abi" };', "data/man/dealdesk-plugin.7": "Id"}),
        ],
        clean={"daemon/configuration.c": '  { "Store", "Path" },\n', "data/man/dealdesk.conf.5": "Store Path\n"},
    ),
    Rule(
        "plugins", plugins,
        controls=[
            Control("no README.md", {"plugins/p/p.c": "", "plugins/p/p.plugin": "Id=p\n"}),
            Control("Id isn't p", {"plugins/p/p.plugin": "Id=q\n"}),
            Control("no Makefile", {"plugins/examples/pricing/p.plugin": "Id=p\n"}),
            Control("one .plugin file", {"plugins/examples/approval/README.md": ""}),
        ],
        clean={"plugins/p/p.c": "", "plugins/p/p.plugin": "Id=p\n", "plugins/p/README.md": ""},
    ),
    Rule(
        "commands", commands,
        controls=[
            Control("./dev demo", {"README.md": "./dev check\n", "dev": ""}),
            Control("bench isn't", {"README.md": "./dev check ./dev demo\n", "dev": "case x in\n  bench)\n"}),
        ],
        clean={"README.md": "./dev check ./dev demo\n", "dev": "<<'EOF'\n  bench  measures\nEOF\n  bench)\n"},
    ),
    Rule(
        "links", links,
        controls=[Control("nothing at b.md", {"a.md": "[b](b.md)\n"})],
        clean={"a.md": "[a](a.md) [top](./) [web](https://example.org/)\n"},
    ),
]
