#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Makes the bus reference, org.dealdesk1(5), from the interface's XML and the table of errors.

usage: reference.py org.dealdesk1.xml error-names.h

What the XML says in the comment above a method or signal is its documentation; one without a comment ends this
program with an error. mdoc on standard output.
"""
import re
import sys
import xml.etree.ElementTree as ElementTree

HEAD = r""".\" SPDX-License-Identifier: LGPL-2.1-or-later
.\" Made by dbus/reference.py of the interface's XML.
.Dd November 24, 2026
.Dt ORG.DEALDESK1 5
.Os
.Sh NAME
.Nm org.dealdesk1
.Nd D-Bus interface of dealdesk
.Sh DESCRIPTION
.Xr dealdeskd 8
serves the bus name
.Li org.dealdesk1 ,
with these objects:
.Bl -tag -width Ds
.It Pa /org/dealdesk1
.Li Manager , Approvals , Catalog
and
.Li Plugins
.It Pa /org/dealdesk1/deal/D_1042
.Li Deal ,
one object a deal
.El
"""

TAIL = """.Sh SEE ALSO
.Xr dealctl 1 ,
.Xr dealdesk.conf 5 ,
.Xr dealdesk-plugin 7 ,
.Xr dealdeskd 8
"""


def escape(text):
    """Text that mdoc takes as it is."""
    text = text.replace("\\", "\\e")
    return re.sub(r"(?m)^([.'])", r"\\&\1", text)


def sentences(words):
    """A sentence a line; what options and reply hold begins a paragraph of its own."""
    words = re.sub(r"(?<=[.;]) (options|reply): ", r"\n.Pp\n\1: ", words)
    return "\n".join(
        line if line == ".Pp" else escape(line)
        for line in re.sub(r"(?<=[.;:?!)]) (?=[A-Z\"(])", "\n", words).split("\n")
    )


def prose(comment):
    """A comment's lines, its own line breaks gone: one sentence a line. A line that begins with * is an item."""
    paragraphs = re.split(r"\n\s*(?:\n|(?=\* ))", comment.strip())
    out = []
    in_list = False
    for paragraph in paragraphs:
        words = " ".join(paragraph.split())
        item = words.startswith("* ")
        if item and not in_list:
            out.append(".Bl -bullet")
        if in_list and not item:
            out.append(".El\n.Pp")
        elif not item and out:
            out.append(".Pp")
        if item:
            out.append(".It")
            words = words[2:]
        in_list = item
        out.append(sentences(words))
    if in_list:
        out.append(".El")
    return "\n".join(out)


def signature(member):
    """The arguments, in and out, each with its D-Bus type."""
    lines = [".Bl -tag -width Ds -compact"]
    for argument in member.findall("arg"):
        way = "" if member.tag == "signal" else " (" + argument.get("direction", "in") + ")"
        lines.append(f".It Fa {argument.get('name')} : Li {argument.get('type')}{way}")
    return "\n".join(lines + [".El"]) if len(lines) > 1 else ""


def member_text(member, comment):
    if not comment:
        sys.exit(f"reference.py: {member.get('name')} has no comment above it")
    kind = " (signal)" if member.tag == "signal" else ""
    return "\n".join(filter(None, [f".It Ic {member.get('name')}{kind}", signature(member), ".Pp", prose(comment)]))


def interface_text(interface):
    lines = [f".Sh INTERFACE {interface.get('name').upper()}", ".Bl -tag -width Ds"]
    comment = ""
    for child in interface:
        if child.tag is ElementTree.Comment:
            comment = child.text
            continue
        lines.append(member_text(child, comment))
        comment = ""
    return "\n".join(lines + [".El"])


def errors_text(header):
    rows = re.findall(r'^\s*"(\w+)",\s*/\* (.*?) \*/', header, re.MULTILINE)
    named = re.findall(r'^\s*"(\w+)",', header, re.MULTILINE)
    if not rows or len(rows) != len(named):
        sys.exit("reference.py: not every error has a comment behind it")
    items = [f".It Li {name}\n{sentences(meaning)}" for name, meaning in rows]
    return "\n".join([
        ".Sh ERROR NAMES", "Names begin with", ".Li org.dealdesk1.Error. ;",
        "the message says what was wrong, where, and what would be right.", ".Bl -tag -width Ds", *items, ".El",
    ])


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    parser = ElementTree.XMLParser(target=ElementTree.TreeBuilder(insert_comments=True))
    with open(sys.argv[1], encoding="utf-8") as file:
        text = file.read()
    root = ElementTree.fromstring(text, parser)
    # What is common to all stands above the root, where the parser doesn't keep it.
    common = re.search(r"<!--(.*?)-->", text, re.DOTALL).group(1).partition("\n\n")[2]
    common = common.partition("\n\n")[2]
    with open(sys.argv[2], encoding="utf-8") as file:
        errors = errors_text(file.read())
    interfaces = "\n".join(interface_text(interface) for interface in root.findall("interface"))
    print(HEAD + ".Ss Common to all methods\n" + prose(common.partition("\n")[2]) + "\n" + interfaces + "\n" + errors)
    print(TAIL, end="")


if __name__ == "__main__":
    main()
