# SPDX-License-Identifier: LGPL-2.1-or-later
"""Test cases in Python as TAP: a case is a function, named as a statement about behaviour."""
import traceback


class Skip(Exception):
    """What a case needs isn't there: str() of it is the reason."""


def run(area, cases, *arguments):
    """Calls each of `cases`; the exit status."""
    failed = 0
    print(f"1..{len(cases)}")
    for number, case in enumerate(cases, 1):
        name = f"/{area}/{case.__name__.replace('_', '-')}"
        try:
            case(*arguments)
            print(f"ok {number} - {name}", flush=True)
        except Skip as reason:
            print(f"ok {number} - {name} # SKIP {reason}", flush=True)
        except Exception:  # pylint: disable=broad-except
            failed += 1
            for line in traceback.format_exc().splitlines():
                print(f"# {line}")
            print(f"not ok {number} - {name}", flush=True)
    return 1 if failed else 0
