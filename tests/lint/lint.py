#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Checks the source tree by the rules in rules/, and the rules by their controls. TAP on standard output.

usage: lint.py [--root DIR] [--slow] [--compile-commands DIR] [RULE…]
"""
import argparse
import importlib
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from tree import Tree  # noqa: E402

MODULES = ["includes", "sources", "daemon", "documentation", "manuals", "interfaces", "tools", "translations"]


def all_rules():
    return [rule for module in MODULES for rule in importlib.import_module(f"rules.{module}").RULES]


def apply(rule, tree):
    """The rule's findings; a file that it needs and that isn't there is one."""
    try:
        return rule.check(tree)
    except FileNotFoundError as error:
        return [f"{error.filename}: isn't there"]


def findings_in(rule, files):
    """What the rule finds in a small tree made for it."""
    with tempfile.TemporaryDirectory() as folder:
        for path, text in files.items():
            target = pathlib.Path(folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text if isinstance(text, bytes) else text.encode())
        return apply(rule, Tree(folder))


def cases(rules, tree):
    """(name, problems) of each case: no problems is a pass."""
    for rule in rules:
        for control in rule.controls:
            found = findings_in(rule, control.files)
            hit = any(control.expect in finding for finding in found)
            yield f"/lint/{rule.name}/finds: {control.expect}", [] if hit else [f"the control wasn't found: {found}"]
        if rule.clean:
            yield f"/lint/{rule.name}/leaves-good-alone", findings_in(rule, rule.clean)
        yield f"/lint/{rule.name}/tree-is-clean", apply(rule, tree)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", default=HERE.parent.parent)
    parser.add_argument("--slow", action="store_true", help="also static analysis")
    parser.add_argument("--compile-commands", help="a build folder that has been built with clang")
    parser.add_argument("rules", nargs="*", metavar="RULE")
    options = parser.parse_args()
    rules = [
        rule for rule in all_rules()
        if (rule.name in options.rules if options.rules else options.slow or not rule.slow)
    ]
    unknown = set(options.rules) - {rule.name for rule in rules}
    if unknown or not rules:
        parser.error(f"no such rule: {', '.join(sorted(unknown))}")
    failed = 0
    count = 0
    for count, (name, problems) in enumerate(cases(rules, Tree(options.root, options.compile_commands)), 1):
        for problem in problems:
            print(f"# {problem}")
        failed += bool(problems)
        print(f"{'not ok' if problems else 'ok'} {count} - {name.replace('#', '')}", flush=True)
    print(f"1..{count}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
