#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Adds up what meson's test runs in build/NAME found, test case by test case.

usage: summary.py [--broken "NAME…"] NAME…

A TAP program counts as many cases as it reported; a program that crashed, timed out or failed without a
failing case of its own is one failure more; so are a build that broke and a run that left no log. The last line is
`N passed, N failed, N skipped`; the exit status is 0 only when something ran and nothing failed.
"""
import argparse
import json
import pathlib
import sys
import xml.etree.ElementTree as ElementTree

MOST_SAID = 20
GOOD = {"OK", "EXPECTEDFAIL", "SKIP"}


def cases_of(junit):
    """(program, case, outcome) of every test case in meson's JUnit log."""
    for suite in ElementTree.parse(junit).getroot().iter("testsuite"):
        # A TAP program's suite is "project.project:suite / program"; plain programs share the suite "project".
        program = suite.get("name").partition(".")[2]
        for case in suite.iter("testcase"):
            name = case.get("name")
            if case.find("failure") is not None or case.find("error") is not None:
                outcome = "failed"
            elif case.find("skipped") is not None:
                outcome = "skipped"
            else:
                outcome = "passed"
            yield short(program or name), name, outcome


def short(name):
    """The program of "project:suite / program"."""
    return name.rpartition(" / ")[2]


def programs_of(log):
    """(program, result, standard output) of every program in meson's JSON log."""
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        entry = json.loads(line)
        yield short(entry["name"]), entry["result"], entry.get("stdout", "")


def reasons_in(tap):
    """What a TAP program said just before each failing case, which meson doesn't show."""
    said = []
    for line in tap.splitlines():
        if line.startswith("#"):
            said.append(line)
        elif line.startswith(("not ok", "Bail out!")):
            yield from said[-MOST_SAID:]
            yield line
            said = []
        else:
            said = []


def sum_up(name, logs):
    """Counts one build's run: ({outcome: count}, [what failed])."""
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    failures = []
    junit, log = logs / "testlog.junit.xml", logs / "testlog.json"
    if not junit.is_file() or not log.is_file():
        return {**counts, "failed": 1}, [f"{name}: the tests left no log"]
    told = set()
    for program, case, outcome in cases_of(junit):
        counts[outcome] += 1
        if outcome == "failed":
            told.add(program)
            failures.append(f"{name}: {program}: {case}")
    for program, result, output in programs_of(log):
        if result not in GOOD:
            print("\n".join([f"-- {name}: {program}", *reasons_in(output)]))
        if result not in GOOD and program not in told:
            counts["failed"] += 1
            failures.append(f"{name}: {program}: {result.lower()} outside its cases")
    if not counts["passed"] and not counts["failed"]:
        counts["failed"] += 1
        failures.append(f"{name}: no test ran")
    return counts, failures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path("build"))
    parser.add_argument("--broken", default="")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    total = {"passed": 0, "failed": 0, "skipped": 0}
    failures = []
    for name in options.broken.split():
        total["failed"] += 1
        failures.append(f"{name}: doesn't build")
    for name in options.names:
        counts, failed = sum_up(name, options.root / name / "meson-logs")
        print(f"{name}: {counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
        failures += failed
        for outcome, count in counts.items():
            total[outcome] += count
    for failure in failures:
        print(f"FAILED {failure}")
    print(f"{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped")
    return 0 if total["passed"] and not total["failed"] else 1


if __name__ == "__main__":
    sys.exit(main())
