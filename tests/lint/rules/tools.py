# SPDX-License-Identifier: LGPL-2.1-or-later
"""Programs that check for us. Each is in data/packages.txt: one that is missing fails its rule."""
import os
import re
import subprocess
import tempfile

from tree import Control, Rule

UNIT = "data/systemd/dealdesk.service.in"
# systemd's exposure of each unit, in tenths: so much and below passes.
EXPOSURE = {
    UNIT: 2,
    "data/systemd/dealdesk-runner@.service.in": 2,
    # It connects to others by TCP.
    "data/systemd/dealdesk-network-runner@.service.in": 11,
}

TIDY = ",".join([
    "-*", "clang-analyzer-*", "-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling",
    "bugprone-assert-side-effect", "bugprone-infinite-loop", "bugprone-integer-division",
    "bugprone-misplaced-widening-cast", "bugprone-sizeof-*", "bugprone-suspicious-memory-comparison",
    "bugprone-suspicious-memset-usage", "bugprone-suspicious-semicolon", "bugprone-suspicious-string-compare",
    "bugprone-undefined-memory-manipulation", "misc-redundant-expression",
])


def run(arguments, **options):
    """(status, output); a missing program is a failure with that message."""
    try:
        done = subprocess.run(
            arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            errors="replace", check=False, **options,
        )
    except FileNotFoundError:
        return 127, f"{arguments[0]} isn't installed; ./dev packages installs it"
    return done.returncode, done.stdout


def told(status, output, most=40):
    """Findings from a program's output when it failed."""
    lines = [line for line in output.split("\n") if line.strip()]
    return (lines[:most] or [f"exit status {status}"]) if status else []


def formatted(tree):
    paths = tree.sources()
    style = os.path.join(os.path.dirname(__file__), "..", "..", "..", ".clang-format")
    if not paths:
        return []
    status, output = run(
        ["clang-format", f"--style=file:{os.path.abspath(style)}", "--dry-run", "-Werror", *paths], cwd=tree.root,
    )
    wrong = re.findall(r"^(\S+:\d+):\d+: error: code should be clang-formatted.*$", output, re.MULTILINE)
    if status and not wrong:
        return told(status, output)
    files = {}
    for place in wrong:
        files.setdefault(place.rpartition(":")[0], place)
    return [f"{place}: run clang-format -i on it" for place in files.values()]


def shells(tree):
    paths = tree.match(r"dev$|\.ci/run$|.*\.sh$")
    return told(*run(["shellcheck", "--severity=style", *(tree.absolute(path) for path in paths)])) if paths else []


def manuals(tree):
    findings = []
    for path in tree.match(r"data/man/.*\.[1-8]$"):
        status, output = run(["mandoc", "-T", "lint", "-W", "warning", tree.absolute(path)])
        # The clock of a build machine is no matter of the manual's.
        lines = [line for line in output.split("\n") if line and "date in the future" not in line]
        findings += told(status if lines else 0, "\n".join(lines))
    return findings


def exposure_of(tree, unit, most):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, os.path.basename(unit)[:-len(".in")])
        with open(path, "w", encoding="utf-8") as file:
            file.write(re.sub(r"@\w+@", "/usr/libexec", tree.text(unit)))
        status, output = run(
            ["systemd-analyze", "security", "--offline=true", f"--threshold={most}", "--no-pager", path],
            env={**os.environ, "LC_ALL": "C", "SYSTEMD_EMOJI": "0"},
        )
    # What costs something, and the sum; a line that costs nothing begins with a plus sign.
    return told(status, "\n".join(line for line in output.split("\n") if not line.lstrip().startswith("+")), most=200)


def exposure(tree):
    """The units' scores: each is the least that a daemon with D-Bus and a state directory, or a runner, needs."""
    units = tree.match(r"data/systemd/.*\.service\.in$")
    if UNIT not in units:
        return [f"{UNIT}:1: isn't there"]
    return [
        finding for unit in units
        for finding in (exposure_of(tree, unit, EXPOSURE[unit]) if unit in EXPOSURE
                        else [f"{unit}:1: tests/lint/rules/tools.py doesn't say how exposed it may be"])
    ]


def analysis(tree):
    """cppcheck over the sources. What it says of g_autoptr and of out_ parameters is wrong; clang-tidy looks there."""
    folders = [folder for folder in ("daemon", "ctl", "plugins") if (tree.root / folder).is_dir()]
    if not tree.match(r"(daemon|ctl|plugins)/.*\.c$"):
        return []
    return told(*run(
        ["cppcheck", "--quiet", "--enable=warning,performance,portability", "--inline-suppr", "--error-exitcode=1",
         "--std=c11", "--library=gtk", "--suppress=missingInclude", "--suppress=unknownMacro",
         "--suppress=memleak", "--suppress=uninitvar", "--suppress=legacyUninitvar", "-j2", *folders],
        cwd=tree.root,
    ))


def tidy(tree):
    """clang-tidy over the compiled sources of daemon, ctl and plugins; without a build folder, each source by itself."""
    sources = tree.match(r"(daemon|ctl|plugins)/.*\.c$")
    if tree.compile_commands:
        status, output = run(
            ["run-clang-tidy", "-quiet", "-j", "2", "-p", tree.compile_commands, f"-checks={TIDY}",
             f"^{re.escape(str(tree.root))}/(daemon|ctl|plugins)/.*\\.c$"],
            cwd=tree.root,
        )
    else:
        status, output = run(["clang-tidy", "--quiet", f"--checks={TIDY}", *sources, "--", "-std=gnu17"], cwd=tree.root)
    found = [line for line in output.split("\n") if re.search(r"(warning|error): ", line)]
    return found or told(status, output)


RULES = [
    Rule(
        "format", formatted,
        controls=[Control("a.c:1", {"a.c": "int f(void){return 1;}\n"})],
        clean={"a.c": "int\nf (void)\n{\n  return 1;\n}\n"},
    ),
    Rule(
        "shellcheck", shells,
        controls=[Control("SC2086", {"dev": '#!/bin/sh\na=$1\nrm $a\n'})],
        clean={"dev": '#!/bin/sh\nrm "$1"\n'},
    ),
    Rule(
        "mandoc", manuals,
        controls=[Control("WARNING", {"data/man/a.1": ".Dd January 1, 2026\n.Dt A 1\n.Os\n.Sh NAME\n.Nm a\n"})],
    ),
    Rule(
        "exposure", exposure,
        controls=[
            Control("PrivateNetwork=", {UNIT: "[Service]\nExecStart=/bin/true\nUser=dealdesk\n"}),
            Control("doesn't say how exposed", {UNIT: "", "data/systemd/other.service.in": ""}),
        ],
    ),
    Rule(
        "cppcheck", analysis, slow=True,
        controls=[Control("nullPointer", {"daemon/a.c": "int f (void) { int *p = 0; return *p; }\n"})],
    ),
    Rule(
        "clang-tidy", tidy, slow=True,
        controls=[Control("NullDereference", {"daemon/a.c": "int f (void);\nint f (void) { int *p = 0; return *p; }\n"})],
        clean={"daemon/a.c": "int f (void);\nint f (void) { return 1; }\n"},
    ),
]
