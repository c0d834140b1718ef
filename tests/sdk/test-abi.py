#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The plugin ABI: the compiled header against plugins/sdk/abi-1.xml, with controls that must be found. TAP.

usage: test-abi.py SOURCE MODULE COMPILER…      (--write first: writes abi-1.xml anew from MODULE)
"""
import pathlib
import re
import subprocess
import sys
import tempfile

LICENCE = "SPDX-License-Identifier: LGPL-2.1-or-later"
DUMP = ["--no-show-locs", "--no-corpus-path", "--no-comp-dir-path", "--no-architecture", "--no-elf-needed",
        "--no-write-default-sizes", "--no-parameter-names"]
SIDE_BY_SIDE = {"DealdeskCell", "DealdeskRows", "DealdeskOption", "DealdeskGoverned"}
WITH_STRIDE = {"DealdeskAlteration", "DealdeskLine", "DealdeskChargeView", "DealdeskMeasure", "DealdeskOffer"}

# How abidiff tells of a struct that got fields at its end and is otherwise as it was; and of the symbol then.
GROWN = re.compile(
    r"^'struct (?P<name>\w+)' changed:\n  type size changed from (?P<size>\d+) to \d+ \(in bits\)\n"
    r"  \d+ data member insertions?:\n(?P<fields>(?:    '.*', at offset \d+ \(in bits\)\n)+)(?=\n|\Z)", re.MULTILINE)
GROWN_SYMBOL = re.compile(
    r"^  \[C\] 'const DealdeskPlugin dealdesk_plugin' was changed:\n    size of symbol changed from .*\n"
    r"    type of variable changed:\n", re.MULTILINE)
NEW_CONSTANTS = re.compile(r"^'enum \w+' changed:\n  type size hasn't changed\n  \d+ enumerator insertions?:\n"
                           r"(?:    '\w+::\w+' value '\d+'\n)+(?=\n|\Z)", re.MULTILINE)
CHANGE = re.compile(r"^('\w+ .*' changed:|  ?\[[ACDR]\] .*)", re.MULTILINE)

# (what is done to the header, old text, new text, what abidiff must say; None: nothing)
CHANGES = [
    ("a-field-that-moved", "  int64_t price;        /*", None, "DealdeskCharge"),
    ("a-field-that-went", "  uint32_t commitment;", "", "DealdeskLine"),
    ("a-field-of-another-type", "  int32_t group_priority;", "  int64_t group_priority;", "DealdeskAdjustment"),
    ("a-field-in-between", "  const char *document;", "  const char *more;\n  const char *document;", "DealdeskOrder"),
    ("a-longer-array", "  char reason[512];", "  char reason[1024];", "DealdeskAdvice"),
    ("a-constant-with-another-value", "DEALDESK_FACTOR = 7", "DEALDESK_FACTOR = 12", "DealdeskAdjustKind"),
    ("a-constant-that-went", "  DEALDESK_DEDUPE_QUERY = 2", "  DEALDESK_DEDUPE_ASK = 2", "DealdeskDedupe"),
    ("another-parameter", "int (*cancelled) (DealdeskCall *call);", "int (*cancelled) (DealdeskCall *call, int why);",
     "DealdeskHost"),
    ("a-function-of-another-name", "  void (*add_tier) (DealdeskCall *call, const DealdeskTier *tier);",
     "  void (*add_step) (DealdeskCall *call, const DealdeskTier *tier);", "DealdeskHost"),
    ("a-field-of-another-name", "  const char *document;", "  const char *more;", "DealdeskOrder"),
    ("a-longer-cell", "} DealdeskCell;", "  int64_t more;\n} DealdeskCell;", "DealdeskCell"),
    ("longer-rows", "} DealdeskRows;", "  int64_t more;\n} DealdeskRows;", "DealdeskRows"),
    ("a-longer-option", "} DealdeskOption;", "  int64_t more;\n} DealdeskOption;", "DealdeskOption"),
]
GROWTH = [
    ("nothing", "} DealdeskLine;", "} DealdeskLine;"),
    ("a-field-at-the-end-of-a-host-struct", "} DealdeskLine;", "  int64_t more;\n} DealdeskLine;"),
    ("a-field-at-the-end-of-a-plugin-struct", "} DealdeskAdjustment;", "  int64_t more;\n} DealdeskAdjustment;"),
    ("a-function-of-the-host", "} DealdeskHost;", "  void (*more) (DealdeskCall *call);\n} DealdeskHost;"),
    ("a-table-of-a-new-kind", "} DealdeskPlugin;", "  const void *more;\n} DealdeskPlugin;"),
    ("a-new-constant", "  DEALDESK_TAX = 11", "  DEALDESK_MORE = 12,\n  DEALDESK_TAX = 11"),
]


def run(*arguments):
    done = subprocess.run(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False)
    return done.returncode, done.stdout


def write(sdk, module):
    """The dump knows no path: it is the same wherever it is made."""
    target = sdk / "abi-1.xml"
    status, output = run("abidw", *DUMP, "--out-file", str(target), str(module))
    if status:
        sys.exit(output)
    text = re.sub(r" path='[^']*'", " path='abi.c'", target.read_text())
    # abidiff knows the file by its first words
    target.write_text(text.replace("\n", f"\n  <!-- {LICENCE} -->\n", 1))


def structs_of(sdk):
    header = (sdk / "dealdesk-types.h").read_text()
    return dict(re.findall(r"^typedef struct (Dealdesk\w+)\n\{\n\s*(.*?);", header, re.MULTILINE))


def may_grow(found, structs):
    """Whether a match of GROWN is growth that the promise in dealdesk-plugin.h allows."""
    offsets = [int(offset) for offset in re.findall(r"at offset (\d+) ", found["fields"])]
    return found["name"] in set(structs) - SIDE_BY_SIDE and min(offsets) >= int(found["size"])


def compare(sdk, module):
    """The changes that break the promise, as abidiff says them."""
    status, output = run("abidiff", "--no-architecture", "--fail-no-debug-info", "--no-show-locs",
                         "--leaf-changes-only", "--harmless", str(sdk / "abi-1.xml"),
                         str(module))
    if status & ~12:  # 4: changed, 8: changed for sure; others are abidiff's own failures
        return [f"abidiff failed with {status}: {output}"]
    structs = structs_of(sdk)
    rest = GROWN.sub(lambda found: "" if may_grow(found, structs) else found[0], output)
    rest = NEW_CONSTANTS.sub("", rest)
    if "'struct DealdeskPlugin' changed" not in rest:
        rest = GROWN_SYMBOL.sub("", rest)
    return [rest] if CHANGE.search(rest) else []


def compile_with(sdk, compiler, old, new):
    """A module of the header with old replaced by new; the problem, and the module."""
    header = (sdk / "dealdesk-types.h").read_text()
    if header.count(old) != 1:
        return [f"“{old}” is {header.count(old)} times in the header: the control needs another place"], None
    if new is None:  # the line swaps places with the next
        lines = header.split("\n")
        at = next(i for i, line in enumerate(lines) if line.startswith(old))
        lines[at], lines[at + 1] = lines[at + 1], lines[at]
        header = "\n".join(lines)
    else:
        header = header.replace(old, new)
    folder = pathlib.Path(tempfile.mkdtemp(dir=WORK.name))
    (folder / "dealdesk-types.h").write_text(header)
    for name in ("dealdesk-plugin.h", "abi.c"):
        (folder / name).write_text((sdk / name).read_text())
    status, output = run(*compiler, "-std=gnu17", "-g", "-O0", "-fPIC", "-shared", "-fvisibility=hidden",
                         "-o", str(folder / "abi.so"), str(folder / "abi.c"))
    return ([output] if status else []), folder / "abi.so"


def is_found(sdk, compiler, old, new, expect):
    problems, module = compile_with(sdk, compiler, old, new)
    if problems:
        return problems
    found = compare(sdk, module)
    if found and not found[0].startswith("abidiff failed") and f"{expect}' changed" in found[0]:
        return []
    return found or ["nothing was found"]


def is_allowed(sdk, compiler, old, new):
    problems, module = compile_with(sdk, compiler, old, new)
    return problems or compare(sdk, module)


def every_struct_has_a_way_to_grow(sdk):
    """By a size at its beginning or a stride in what points to it; otherwise the promise says that it never grows."""
    promise = (sdk / "dealdesk-plugin.h").read_text()
    wrong = []
    for name, first in structs_of(sdk).items():
        if name in SIDE_BY_SIDE:
            wrong += [] if name in promise else [f"{name} isn't in the promise of dealdesk-plugin.h"]
        elif name not in WITH_STRIDE and not re.search(r"\b(size|abi)$", first):
            wrong.append(f"{name} begins with {first}, not its size")
    return wrong


def is_portable(sdk):
    text = (sdk / "abi-1.xml").read_text()
    return [f"abi-1.xml has {word}" for word in ("/home", "/work", "/tmp", "comp-dir", "filepath", "architecture=")
            if word in text]


def main():
    arguments = sys.argv[1:]
    writing = arguments[:1] == ["--write"]
    source, module, *compiler = arguments[writing:]
    sdk = pathlib.Path(source, "plugins", "sdk")
    if writing:
        write(sdk, module)
        return 0
    cases = [
        ("/abi/the-header-keeps-abi-1", lambda: compare(sdk, module)),
        ("/abi/the-dump-is-of-no-machine", lambda: is_portable(sdk)),
        ("/abi/every-struct-can-grow-or-is-promised-not-to", lambda: every_struct_has_a_way_to_grow(sdk)),
    ]
    cases += [(f"/abi/finds/{name}", lambda c=change: is_found(sdk, compiler, *c))
              for name, *change in CHANGES]
    cases += [(f"/abi/allows/{name}", lambda c=change: is_allowed(sdk, compiler, *c))
              for name, *change in GROWTH]
    failed = 0
    print(f"1..{len(cases)}")
    for number, (name, check) in enumerate(cases, 1):
        problems = check()
        for problem in problems:
            print("\n".join(f"# {line}" for line in problem.split("\n")))
        failed += bool(problems)
        print(f"{'not ok' if problems else 'ok'} {number} {name}", flush=True)
    return 1 if failed else 0


WORK = tempfile.TemporaryDirectory()
sys.exit(main())
