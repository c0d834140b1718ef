#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the measuring programs of a build, each on a private bus, limits and figures in turns, and writes bench.json.

Scheduling moves absolute figures a lot, so a figure is judged by its ratio to limits that were measured in the same
round, where it has one; the median of the rounds counts. Exit status: 0 when every program ran (with --strict: and every
target is met).
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys

from figures import summarise

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent


def programs_in(build, only):
    """Limits first, so that they lie right beside what they are limits of."""
    found = [
        path for path in sorted((build / "tests" / "bench").glob("*-*"))
        if path.is_file() and os.access(path, os.X_OK) and re.match(r"(limit|bench)-[a-z0-9-]+$", path.name)
    ]
    return sorted(
        (path for path in found if path.name.startswith("limit-") or re.search(only, path.name)),
        key=lambda path: not path.name.startswith("limit-"),
    )


def run_program(path, build):
    """The program's figures by name."""
    environment = {**os.environ, "DEALDESK_BUILD": str(build), "DEALDESK_SOURCE": str(TOP)}
    done = subprocess.run(
        ["dbus-run-session", "--", str(path)], cwd=build, env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False, timeout=600,
    )
    if done.returncode:
        raise RuntimeError(f"{path.name} ended with {done.returncode}: {done.stderr.strip()[-2000:]}")
    figures = {}
    for line in done.stdout.splitlines():
        if line.startswith("{"):
            figure = json.loads(line)
            figures[figure["name"]] = figure
    if not figures:
        raise RuntimeError(f"{path.name} printed no figure")
    return figures


def shown(value):
    return "-" if value is None else f"{value:.3f}" if value < 100 else f"{value:.0f}"


def bound_of(row, most, least):
    if most == "most" and "most_more" in row:
        return f"<= limit + {row['most_more']:g}"
    if most in row:
        return f"<= {row[most]:g}"
    return f">= {row[least]:g}" if least in row else ""


def print_table(rows):
    header = ("figure", "value", "unit", "target", "limit", "ratio", "target", "")
    lines = [header] + [
        (row["name"], shown(row["value"]), row["unit"], bound_of(row, "most", "least"), shown(row["limit"]),
         shown(row["ratio"]), bound_of(row, "most_ratio", "least_ratio"), row.get("verdict", ""))
        for row in rows
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    right = {1, 3, 4, 5, 6}
    for line in lines:
        cells = [text.rjust(width) if at in right else text.ljust(width)
                 for at, (text, width) in enumerate(zip(line, widths))]
        print("  ".join(cells).rstrip())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--output", type=pathlib.Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="regular expression: which bench programs (bus, engine, host, import, runner, stages, "
                             "store); limits always run")
    parser.add_argument("--strict", action="store_true", help="fail unless every target is met")
    options = parser.parse_args()
    build = options.build.resolve()
    programs = programs_in(build, options.only)
    if not programs:
        parser.error(f"no measuring program in {build}/tests/bench")
    rounds, broken = [], []
    for number in range(1, options.rounds + 1):
        measured = {}
        for path in programs:
            print(f"round {number}: {path.name}", file=sys.stderr, flush=True)
            try:
                measured.update(run_program(path, build))
            except (RuntimeError, ValueError, KeyError, subprocess.TimeoutExpired) as error:
                broken.append(path.name)
                print(f"bench: {error}", file=sys.stderr)
        rounds.append(measured)
    rows = summarise(json.loads((HERE / "targets.json").read_text(encoding="utf-8")), rounds)
    options.output.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    print_table(rows)
    met = sum(row.get("verdict", "").startswith("met") for row in rows)
    judged = sum("verdict" in row for row in rows)
    print(f"{met} of {judged} targets met; {options.output}")
    return 1 if broken or (options.strict and met < judged) else 0


if __name__ == "__main__":
    sys.exit(main())
