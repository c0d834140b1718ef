#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The harness's sums and verdicts. TAP."""
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

from figures import UNITS, convert, summarise  # noqa: E402


def measured(**values):
    return {name: {"name": name, "value": value, "unit": unit} for name, (value, unit) in values.items()}


def row_of(target, *rounds):
    return summarise([target], list(rounds))[0]


def units_convert_within_their_family():
    assert convert(1.5, "ms", "us") == 1500
    try:
        convert(1, "ms", "MiB")
    except ValueError:
        return
    raise AssertionError("a time became a size")


def limits_add_up_by_weight():
    target = {"name": "a", "unit": "ms", "most": 1, "limit": {"echo": 1, "loop": 500}, "most_ratio": 2}
    row = row_of(target, measured(a=(0.6, "ms"), echo=(200, "us"), loop=(0.4, "us/line")))
    assert abs(row["limit"] - 0.4) < 1e-9 and abs(row["ratio"] - 1.5) < 1e-9 and row["verdict"] == "met", row


def a_programs_own_limit_serves_others():
    own = {"a": {"name": "a", "value": 6, "unit": "us/line", "limit": 2}}
    assert row_of({"name": "a", "unit": "us/line", "most": 1, "most_ratio": 5}, own)["ratio"] == 3
    target = {"name": "b", "unit": "us", "most": 1, "limit": {"a.limit": 100}, "most_ratio": 1.25}
    assert row_of(target, {**own, **measured(b=(240, "us"))})["verdict"] == "met by ratio"


def ratio_beats_the_absolute_figure():
    target = {"name": "a", "unit": "ms", "most": 10, "limit": {"b": 1}, "most_ratio": 1.2}
    assert row_of(target, measured(a=(5, "ms"), b=(1, "ms")))["verdict"] == "not met"
    assert row_of(target, measured(a=(11, "ms"), b=(10, "ms")))["verdict"] == "met by ratio"


def a_ratio_that_is_unknown_is_not_met():
    target = {"name": "a", "unit": "ms", "most": 10, "limit": {"b": 1}, "most_ratio": 1.2}
    assert row_of(target, measured(a=(5, "ms")))["verdict"] == "not met"


def rates_are_bounded_from_below():
    target = {"name": "a", "unit": "calls/s", "least": 10, "limit": {"b": 1}, "least_ratio": 0.75}
    assert row_of(target, measured(a=(80, "calls/s"), b=(100, "calls/s")))["verdict"] == "met"
    assert row_of(target, measured(a=(70, "calls/s"), b=(100, "calls/s")))["verdict"] == "not met"


def a_figure_may_lie_so_far_above_its_limit():
    target = {"name": "a", "unit": "ms", "most_more": 2}
    assert row_of(target, {"a": {"name": "a", "value": 5, "unit": "ms", "limit": 3.5}})["verdict"] == "met"
    assert row_of(target, {"a": {"name": "a", "value": 6, "unit": "ms", "limit": 3.5}})["verdict"] == "not met"
    assert row_of(target, measured(a=(1, "ms")))["verdict"] == "not met"


def the_median_of_rounds_counts():
    target = {"name": "a", "unit": "ms", "most": 3}
    rounds = [measured(a=(value, "ms")) for value in (2, 900, 2.5)]
    row = row_of(target, *rounds)
    assert row["value"] == 2.5 and row["verdict"] == "met", row


def what_did_not_run_is_not_measured():
    assert row_of({"name": "a", "unit": "ms", "most": 3}, {})["verdict"] == "not measured"


def linear_growth_has_exponent_one():
    target = {"name": "e", "unit": "", "most": 1.05, "exponent": {"small": 100, "large": 10000}}
    row = row_of(target, measured(small=(0.4, "us/line"), large=(0.4, "us/line")))
    assert abs(row["value"] - 1) < 1e-9 and row["verdict"] == "met", row
    assert row_of(target, measured(small=(0.4, "us/line"), large=(0.8, "us/line")))["verdict"] == "not met"


def every_target_has_a_bound_and_a_known_unit():
    for target in json.loads((HERE / "targets.json").read_text(encoding="utf-8")):
        assert target["unit"] in UNITS and any(bound in target for bound in ("most", "least", "most_more")), target


CASES = [
    units_convert_within_their_family, limits_add_up_by_weight, a_programs_own_limit_serves_others,
    ratio_beats_the_absolute_figure,
    a_ratio_that_is_unknown_is_not_met, rates_are_bounded_from_below,
    a_figure_may_lie_so_far_above_its_limit, the_median_of_rounds_counts,
    what_did_not_run_is_not_measured, linear_growth_has_exponent_one, every_target_has_a_bound_and_a_known_unit,
]


def main():
    failed = 0
    print(f"1..{len(CASES)}")
    for number, case in enumerate(CASES, 1):
        name = case.__name__.replace("_", "-")
        try:
            case()
            print(f"ok {number} - /bench/{name}")
        except AssertionError as error:
            failed += 1
            print(f"# {error}\nnot ok {number} - /bench/{name}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
