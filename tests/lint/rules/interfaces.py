# SPDX-License-Identifier: LGPL-2.1-or-later
"""Files that other programs read: well formed, and agreeing with each other."""
import configparser
import json
import re
import xml.etree.ElementTree as ElementTree

from tree import Control, Rule

POLICY = "data/polkit/org.dealdesk1.policy"
OWNER = "org.freedesktop.policykit.owner"


def well_formed(tree):
    findings = []
    for path in tree.match(r".*\.(xml|policy)$|data/dbus/.*\.conf$"):
        try:
            ElementTree.fromstring(tree.text(path))
        except ElementTree.ParseError as error:
            findings.append(f"{path}:{error.position[0]}: {error}")
    for path in tree.match(r"(?!tests/).*\.json$"):
        try:
            json.loads(tree.text(path))
        except ValueError as error:
            findings.append(f"{path}:{getattr(error, 'lineno', 1)}: {error}")
    return findings


def key_files(tree):
    """Units, D-Bus services and .plugin files parse, and set no key twice."""
    findings = []
    for path in tree.match(r"(data|plugins)/.*\.(service|plugin|conf)(\.in)?$"):
        if path.startswith("data/dbus/") and path.endswith(".conf"):
            continue
        # systemd adds up a filter that is given twice
        parser = configparser.RawConfigParser(strict=True, delimiters=("=",), comment_prefixes=("#",))
        text = re.sub(r"^(SystemCallFilter|ReadWritePaths|Documentation)=.*$", "", tree.text(path), flags=re.MULTILINE)
        try:
            parser.read_string(text)
        except configparser.Error as error:
            findings.append(f"{path}:{getattr(error, 'lineno', 1)}: {str(error).splitlines()[0]}")
    return findings


def polkit(tree):
    """Every action has the owner annotation, without which a daemon that isn't root can ask nothing about others;
    and the daemon asks about no action that isn't there."""
    findings = []
    actions = ElementTree.fromstring(tree.text(POLICY)).findall("action")
    for action in actions:
        owners = [mark.text for mark in action.findall("annotate") if mark.get("key") == OWNER]
        if owners != ["unix-user:dealdesk"]:
            findings.append(f"{POLICY}:1: {action.get('id')} isn't annotated as owned by unix-user:dealdesk")
    known = {action.get("id") for action in actions}
    for path in tree.match(r"daemon/.*\.[ch]$"):
        for action in re.findall(r'"(org\.dealdesk1\.[a-z][a-z-]*)"', tree.text(path)):
            if action not in known:
                findings.append(f"{path}:1: polkit action {action} isn't in {POLICY}")
    return findings


ACTION = '<policyconfig><action id="org.dealdesk1.read"><annotate key="%s">%s</annotate></action></policyconfig>\n'
GOOD_POLICY = ACTION % (OWNER, "unix-user:dealdesk")

RULES = [
    Rule(
        "well-formed", well_formed,
        controls=[
            Control("a.xml:1", {"dbus/a.xml": "<node>"}),
            Control("a.json:1", {"data/samples/a.json": "{,}"}),
        ],
        clean={"dbus/a.xml": "<node/>", "data/a.json": "{}"},
    ),
    Rule(
        "key-files", key_files,
        controls=[
            Control("p.plugin", {"plugins/p/p.plugin": "[Plugin]\nId=p\nId=q\n"}),
            Control("a.service.in", {"data/systemd/a.service.in": "User=x\n"}),
        ],
        clean={"data/systemd/a.service.in": "[Service]\nSystemCallFilter=@a\nSystemCallFilter=~@b\n"},
    ),
    Rule(
        "polkit", polkit,
        controls=[
            Control("isn't annotated", {POLICY: ACTION % (OWNER, "unix-user:other")}),
            Control("org.dealdesk1.fly", {POLICY: GOOD_POLICY, "daemon/a.c": 'x = "org.dealdesk1.fly";\n'}),
        ],
        clean={POLICY: GOOD_POLICY, "daemon/a.c": 'x = "org.dealdesk1.read"; y = "org.dealdesk1.Deal";\n'},
    ),
]
