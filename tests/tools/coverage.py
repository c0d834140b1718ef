#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which branches of the numbers and the price engine no test takes.

usage: coverage.py BUILD

Prints branches taken of all, a line each file, from what the tests that ran in BUILD have left; and each branch that
was never taken as FILE:LINE. Fails when one of them is in code that has to be covered wholly: money, tiers, spread and
the waterfall, which is everything but what only compares one sheet with another.
"""
import json
import pathlib
import subprocess
import sys

FOLDERS = ["daemon/core/number", "daemon/core/price"]

# What compares two sheets makes no figure: its branches are counted and shown, but not demanded.
SHOWN = {"pair.c", "pair.h", "sheet-compare.c", "sheet-compare.h", "step.c", "step.h"}

# gcov counts an assertion's failing branch too; a test that took it would end there.
ASSERTION = r".*\b(g_assert|g_assert_not_reached) \(.*"


def measure(build, root):
    """What gcovr knows of each file. Branches that the compiler makes for what can't be reached are no code of ours."""
    command = ["gcovr", "--root", str(root), "--object-directory", str(build), "--json",
               "--exclude-unreachable-branches", "--exclude-branches-by-pattern", ASSERTION]
    for folder in FOLDERS:
        command += ["--filter", str(root / folder) + "/"]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True, cwd=root).stdout)["files"]


def branches(file):
    """(line, count) of each branch, without those that gcovr was told to leave out."""
    return [(line["line_number"], branch["count"]) for line in file["lines"]
            if not line.get("gcovr/noncode") for branch in line["branches"]]


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    all_taken = all_known = 0
    missing = []
    for file in sorted(measure(pathlib.Path(sys.argv[1]).resolve(), root), key=lambda file: file["file"]):
        known = branches(file)
        taken = sum(count > 0 for _, count in known)
        all_known += len(known)
        all_taken += taken
        missing += sorted({(file["file"], line) for line, count in known if count == 0})
        if known:
            print(f"{file['file']:<40} {taken:>5} of {len(known):>5}")
    print(f"{'all':<40} {all_taken:>5} of {all_known:>5} branches, {100 * all_taken / max(all_known, 1):.1f}%")
    for name, line in missing:
        print(f"{name}:{line}: a branch is never taken")
    demanded = [name for name, _ in missing if pathlib.Path(name).name not in SHOWN]
    if demanded:
        print("coverage: money, tiers, spread and the waterfall have branches that no test takes", file=sys.stderr)
    if all_known == 0:
        print(f"coverage: no test has run in {sys.argv[1]}", file=sys.stderr)
    return 1 if demanded or all_known == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
