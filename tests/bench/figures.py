# SPDX-License-Identifier: LGPL-2.1-or-later
"""Figures, their limits and their targets: sums and verdicts, without running anything.

A figure is {"name", "value", "unit"}; a program may give its own "limit" (in the same unit), which others find as NAME.limit. A target of targets.json
has "most" or "least" (in its unit), "limit" (a weighted sum of limit figures, such as one echo and 500 loops a line),
"most_ratio" or "least_ratio" of that limit, "most_more" (how far above it, in the target's unit), or "exponent" (two
per-line figures and their numbers of lines).
"""
import math
import statistics

# How many of the family's smallest unit one is.
UNITS = {
    "ns": ("time", 1), "us": ("time", 1e3), "ms": ("time", 1e6), "s": ("time", 1e9),
    "ns/line": ("time", 1), "us/line": ("time", 1e3),
    "KiB": ("size", 1), "MiB": ("size", 1024),
    "calls/s": ("rate", 1), "moves/s": ("rate", 1), "/s": ("rate", 1),
    "MB/s": ("throughput", 1), "": ("number", 1), "exponent": ("number", 1),
}


def convert(value, unit, wanted):
    (family, scale), (wanted_family, wanted_scale) = UNITS.get(unit, (unit, 1)), UNITS.get(wanted, (wanted, 1))
    if family != wanted_family:
        raise ValueError(f"{unit} is no {wanted}")
    return value * scale / wanted_scale


def with_limits(measured):
    """The figures, and as NAME.limit the limits that programs measured beside their own."""
    limits = {
        f"{name}.limit": {"name": f"{name}.limit", "value": figure["limit"], "unit": figure["unit"]}
        for name, figure in measured.items() if figure.get("limit")
    }
    return {**limits, **measured}


def limit_of(target, figure, measured):
    """The limit in the target's unit, from one round's figures; None where it can't be known."""
    terms = target.get("limit", {})
    if terms and all(name in measured for name in terms):
        return sum(
            weight * convert(measured[name]["value"], measured[name]["unit"], target["unit"])
            for name, weight in terms.items()
        )
    if figure.get("limit"):
        return convert(figure["limit"], figure["unit"], target["unit"])
    return None


def exponent_of(target, measured):
    """Growth of the whole time between two sizes; 1 is linear. None where a figure is missing."""
    names = target["exponent"]
    if not all(name in measured for name in names):
        return None
    (small, few), (large, many) = sorted(names.items(), key=lambda item: item[1])
    before = convert(measured[small]["value"], measured[small]["unit"], "ns") * few
    after = convert(measured[large]["value"], measured[large]["unit"], "ns") * many
    return math.log(after / before) / math.log(many / few)


def judge_round(target, measured):
    """(value, limit, ratio) of one round in the target's unit, or None."""
    measured = with_limits(measured)
    if "exponent" in target:
        value = exponent_of(target, measured)
        return None if value is None else (value, None, None)
    figure = measured.get(target["name"])
    if figure is None:
        return None
    value = convert(figure["value"], figure["unit"], target["unit"])
    limit = limit_of(target, figure, measured)
    return value, limit, value / limit if limit else None


def median(values):
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def within(value, target, most, least):
    """Whether the value keeps both bounds; an unknown value with a bound keeps none."""
    if most not in target and least not in target:
        return True
    if value is None:
        return False
    return target.get(least, -math.inf) <= value <= target.get(most, math.inf)


def summarise(targets, rounds):
    """One row for each target, then for each other figure: medians over rounds, and whether the target is met.

    Where a target has a ratio, the ratio decides: absolute figures move with the machine and what else it does. The
    verdict says when the absolute figure alone is missed.
    """
    rows = []
    for target in targets:
        judged = [found for found in (judge_round(target, measured) for measured in rounds) if found]
        keys = ("name", "unit", "most", "least", "most_ratio", "least_ratio", "most_more")
        row = {key: target[key] for key in keys if key in target}
        row["value"], row["limit"], row["ratio"] = (
            (median(column) for column in zip(*judged)) if judged else (None, None, None)
        )
        if not judged:
            row["verdict"] = "not measured"
        else:
            more = None if row["limit"] is None else row["value"] - row["limit"]
            value_kept = within(row["value"], target, "most", "least") and within(more, target, "most_more", "least_more")
            bounded = "most_ratio" in target or "least_ratio" in target
            ratio_kept = bounded and within(row["ratio"], target, "most_ratio", "least_ratio")
            row["met_value"], row["met_ratio"] = value_kept, ratio_kept if bounded else None
            kept = ratio_kept if bounded else value_kept
            row["verdict"] = "not met" if not kept else "met" if value_kept else "met by ratio"
        rows.append(row)
    told = {target["name"] for target in targets}
    others = {name: figure["unit"] for measured in rounds for name, figure in measured.items() if name not in told}
    for name, unit in others.items():
        value = median([measured[name]["value"] for measured in rounds if name in measured])
        rows.append({"name": name, "unit": unit, "value": value, "limit": None, "ratio": None})
    return rows
