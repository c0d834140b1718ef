#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What imports refuse: every column of every dataset with what can't be in it, and rows of which nobody could say which of
them holds.

usage: test-conflicts.py DEALCTL DAEMON PLUGINS SOURCE
"""
import csv
import datetime
import json
import re
import sys

import tap
from world import World

# A good row of each dataset that prices are made of, beyond what its samples have.
SAMPLES = [
    "offerings", "customers", "sites", "aliases", "rates", "charges", "tiers", "costs", "vendor-parts", "vendor-costs", "markups",
    "contracted", "contracted-tiers", "commitments", "locations", "allowances", "promotions", "floors", "taxes",
]

# Numbers that may be below zero.
SIGNED = {("promotions", "priority"), ("promotions", "group_priority")}


def datasets(world):
    """Name to its columns, each {name: declaration}, and its rules."""
    found = {}
    for dataset in json.loads(world.must("dataset", "list", "--json"))["datasets"]:
        parts = dataset["columns"].split("; ")
        rules = [part for part in parts if re.match(r"(validity|unique|tiers|years|agree) \S+[ ,]", part)]
        columns = {part.split()[0]: part for part in parts if part not in rules}
        found[dataset["name"]] = columns, rules
    return found


def sample_row(world, name):
    with open(world.sample(f"{name}.csv"), encoding="utf-8", newline="") as file:
        return next(csv.DictReader(file))


def refused(world, name, rows, *words):
    """Importing `rows` must fail, saying each of `words`, and store nothing."""
    path = world.folder / f"{name}.csv"
    header = list(dict.fromkeys(column for row in rows for column in row))
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    done = world.call("import", name, str(path))
    assert done.returncode == 1 and done.stdout == "", (name, rows, done)
    for word in words:
        assert word in done.stderr, (name, rows, word, done.stderr)


def wrong_cells(name, column, declared):
    """What can't be in a column, and what is said of it."""
    said = re.search(r"\b(integer|decimal|quantity|percent|currency|date|enum|boolean)\b", declared)
    kind = said[1] if said else "text"
    wrong = {
        "integer": ["x", "1.5", "01"], "decimal": ["x", "1.2.3", "1,5"], "quantity": ["x", "0.0000001"], "percent": ["5", "x%"],
        "currency": ["EURO", "eur", "XXX", "ABQ"], "date": ["2026-02-30", "soon", "2026-1-1"], "enum": ["zzz"], "boolean": ["yes"],
    }.get(kind, [])
    if kind in ("integer", "decimal", "quantity", "percent") and (name, column) not in SIGNED:
        wrong.append("-1%" if kind == "percent" else "-1")
    if (most := re.search(r"max (\d+)", declared)) is not None:
        wrong.append(f"{int(most[1]) + 1}" + ("%" if kind == "percent" else ""))
    if " optional" not in declared:
        wrong.append("")
    return wrong


def every_column_refuses_what_cannot_be_in_it(world):
    tried = 0
    declared = datasets(world)
    for name in SAMPLES:
        columns, _ = declared[name]
        good = sample_row(world, name)
        for column, text in columns.items():
            for cell in wrong_cells(name, column, text):
                refused(world, name, [{**good, column: cell}], f"{name}.csv:2: column ", f'"{column}"')
                tried += 1
    assert tried > 250, tried


def a_good_row_of_each_dataset_is_taken(world):
    """The control: what the case above changes is good without its change."""
    for name in SAMPLES:
        path = world.folder / f"{name}.csv"
        row = sample_row(world, name)
        path.write_text(",".join(row) + "\n" + ",".join(f'"{cell}"' for cell in row.values()) + "\n", encoding="utf-8")
        world.must("import", name, str(path))


def percentages_that_take_off_end_at_a_hundred(world):
    """All but mark-ups and taxes, which may be more than what they are on."""
    for name, (columns, _) in datasets(world).items():
        for column, text in columns.items():
            if " percent" in text and (name, column) not in (("markups", "percent"), ("taxes", "rate")):
                assert "min 0% max 100%" in text, (name, text)


def every_dataset_with_days_refuses_rows_that_overlap(world):
    tried = 0
    for name, (columns, rules) in datasets(world).items():
        if name not in SAMPLES or "valid_from" not in columns or " key" not in columns["valid_from"]:
            continue
        assert "validity valid_from to valid_to" in rules, name
        good = sample_row(world, name)
        first = {**good, "valid_from": "2026-01-01", "valid_to": "2026-06-30"}
        for second in ({"valid_from": "2026-06-30", "valid_to": ""}, {"valid_from": "", "valid_to": "2026-01-01"},
                       {"valid_from": "2026-03-01", "valid_to": "2026-03-31"}):
            refused(world, name, [first, {**good, **second}], f"{name}.csv:3: ", " meets line 2, valid from 2026-01-01 to 2026-06-30",
                    "end the earlier one before")
        refused(world, name, [{**good, "valid_from": "2026-07-01", "valid_to": "2026-06-30"}], f"{name}.csv:2: column \"valid_to\"",
                "2026-06-30 is before 2026-07-01")
        refused(world, name, [good, good], f"{name}.csv:3: ", "line 2")
        tried += 1
    assert tried >= 13, tried


PROMOTION = {"offering": "line", "charge": "rental", "kind": "percent-off", "percent": "5%"}
CHARGE = {"offering": "line", "charge": "rental", "name": "R", "type": "recurring", "period": "month", "currency": "EUR", "price": "1",
          "mode": "flat"}
TIER = {"offering": "line", "charge": "rental", "price": "1"}
CONTRACTED_TIER = {"customer": "buyer", "agreement": "F-1", **TIER}
COMMITMENT = {"offering": "line", "charge": "rental", "months": "12", "kind": "percent-off", "percent": "5%"}
COST = {"vendor": "northline", "part": "NL-1", "currency": "USD", "cost": "1"}
SAME = "which of the two comes first must be certain: give them different priorities"
GROUP = "give all of a group the same mode and group_priority"
TIERS = "all tiers of a table have \"from\" (1, 11), or all have \"up_to\" (10, 20)"
YEARS = "both count for one contract year: end the earlier one before the other begins"

# Dataset, what all its rows have, the rows, and what is said beyond "meets line 2".
MEETING = [
    ("promotions", PROMOTION, [{"id": "a"}, {"id": "b"}], SAME),
    ("promotions", PROMOTION, [{"id": "a", "group": "g", "priority": "1"}, {"id": "b", "group": "g", "priority": "1"}], SAME),
    ("promotions", PROMOTION, [{"id": "a", "priority": "0"}, {"id": "b"}], SAME),
    ("promotions", {**PROMOTION, "charge": ""}, [{"id": "a", "charge": "*"}, {"id": "b"}], SAME),
    ("promotions", PROMOTION, [{"id": "a", "segment": "*", "min_quantity": "0", "min_months": "0", "first_year": "1"}, {"id": "b"}],
     SAME),
    ("promotions", PROMOTION, [{"id": "a", "valid_to": "2026-06-30"}, {"id": "b", "valid_from": "2026-06-30"}], SAME),
    ("promotions", PROMOTION, [{"id": "a", "group": "g", "mode": "add", "priority": "1"},
                               {"id": "b", "group": "g", "mode": "best", "priority": "2"}], GROUP),
    ("promotions", PROMOTION, [{"id": "a", "group": "g", "priority": "1"},
                               {"id": "b", "group": "g", "mode": "add", "offering": "other", "priority": "2"}], GROUP),
    ("promotions", PROMOTION, [{"id": "a", "group": "g", "group_priority": "1", "priority": "1"},
                               {"id": "b", "group": "g", "priority": "2"}], GROUP),
    ("charges", CHARGE, [{"first_year": "1"}, {}], "end the earlier one before"),
    ("charges", CHARGE, [{"first_year": "1", "last_year": "3"}, {"first_year": "3"}], YEARS),
    ("charges", CHARGE, [{"first_year": "3"}, {"last_year": "3"}], YEARS),
    ("charges", CHARGE, [{"first_year": "1", "last_year": "5", "valid_from": "2026-01-01"},
                         {"first_year": "2", "valid_to": "2026-01-01"}], YEARS),
    ("tiers", TIER, [{"from": "1"}, {"up_to": "20"}], TIERS),
    ("tiers", TIER, [{"up_to": "10"}, {"from": "15"}], TIERS),
    ("tiers", TIER, [{"from": "1"}, {}], TIERS),
    ("tiers", TIER, [{"up_to": "10"}, {"up_to": "10.0"}], "line 2"),
    ("tiers", TIER, [{"up_to": "10", "valid_to": "2026-06-30"}, {"from": "11", "valid_from": "2026-06-30"}], TIERS),
    ("contracted-tiers", CONTRACTED_TIER, [{"from": "1"}, {"up_to": "20"}], TIERS),
    ("commitments", COMMITMENT, [{"id": "a", "quantity": "0"}, {"id": "b"}], "end the earlier one before"),
    ("vendor-costs", COST, [{"from": "0"}, {}], "end the earlier one before"),
    ("vendor-parts", {"offering": "line", "charge": "c"}, [{"vendor": "a", "part": "x"}, {"vendor": "b", "part": "y"}], "line 2"),
]

# The same, but rows that don't meet.
APART = [
    ("promotions", PROMOTION, [{"id": "a", "priority": "1"}, {"id": "b", "priority": "2"}]),
    ("promotions", PROMOTION, [{"id": "a", "segment": "retail"}, {"id": "b", "segment": "health"}]),
    ("promotions", PROMOTION, [{"id": "a", "valid_to": "2026-06-29"}, {"id": "b", "valid_from": "2026-06-30"}]),
    ("promotions", PROMOTION, [{"id": "a", "group": "g", "mode": "compound", "group_priority": "0", "priority": "1"},
                               {"id": "b", "group": "g", "priority": "2"}]),
    ("promotions", PROMOTION, [{"id": "a", "group": "g", "mode": "add", "valid_to": "2026-06-29"},
                               {"id": "b", "group": "g", "mode": "best", "valid_from": "2026-06-30"}]),
    ("charges", CHARGE, [{"first_year": "1", "last_year": "2"}, {"first_year": "3"}]),
    ("charges", CHARGE, [{"first_year": "1"}, {"first_year": "3"}]),
    ("charges", CHARGE, [{"first_year": "1", "last_year": "5", "valid_from": "2026-01-02"},
                         {"first_year": "2", "valid_to": "2026-01-01"}]),
    ("charges", CHARGE, [{"first_year": "1", "last_year": "5"}, {"first_year": "2", "charge": "other"}]),
    ("tiers", TIER, [{"up_to": "10"}, {"up_to": "20"}, {}]),
    ("tiers", TIER, [{"from": "1"}, {"from": "11"}, {"from": "1", "first_year": "2"}, {"up_to": "20", "first_year": "3"}]),
    ("tiers", TIER, [{"up_to": "10", "valid_to": "2026-06-29"}, {"from": "11", "valid_from": "2026-06-30"}]),
]


def rows_of_which_none_is_certain_to_hold_are_refused_and_both_named(world):
    for name, common, rows, said in MEETING:
        refused(world, name, [{**common, **row} for row in rows], f"{name}.csv:3: ", "line 2", said)
        # However they come.
        refused(world, name, [{**common, **row} for row in reversed(rows)], f"{name}.csv:3: ", "line 2", said)


def rows_that_follow_each_other_are_taken(world):
    for name, common, rows in APART:
        path = world.folder / f"{name}.csv"
        whole = [{**common, **row} for row in rows]
        header = list(dict.fromkeys(column for row in whole for column in row))
        lines = [",".join(row.get(column, "") for column in header) for row in whole]
        path.write_text("\n".join([",".join(header), *lines]) + "\n", encoding="utf-8")
        done = world.call("import", name, str(path))
        assert done.returncode == 0, (name, rows, done.stderr)


def a_tier_with_both_ends_could_leave_a_gap(world):
    for name, tier in (("tiers", TIER), ("contracted-tiers", CONTRACTED_TIER)):
        refused(world, name, [{**tier, "from": "1", "up_to": "10"}, {**tier, "from": "15", "up_to": "20"}],
                f'{name}.csv:2: column "up_to": 10 beside "from" 1 could leave a gap to the next tier')


def what_was_refused_stored_nothing(world):
    """Every dataset is at the version that the cases that were taken made."""
    versions = {d["name"]: d["version"] for d in json.loads(world.must("dataset", "list", "--json"))["datasets"]}
    taken = {name: 1 for name in SAMPLES}
    for name, _, _ in APART:
        taken[name] += 1
    for name, version in taken.items():
        assert versions[name] == version, (name, versions[name], version)


# Tables beyond the samples, a line, and what the refusal says; {today} is the day that prices are asked for.
MISSING = [
    ({"charges": [{**CHARGE, "offering": "other"}]}, {"offering": "epl-100"},
     ["line 1: offering epl-100 has no charges on {today}", "charges (pricing-catalogue)"]),
    ({"charges": [{**CHARGE, "offering": "epl-100", "price": "", "mode": "volume"}], "tiers": [TIER]}, {"offering": "epl-100"},
     ["line 1", "charge rental of offering epl-100", "dataset tiers has no tiers", "{today}"]),
    ({"charges": [{**CHARGE, "offering": "epl-100"}], "costs": [{"offering": "epl-100", "charge": "rental", "currency": "SEK", "cost": "1"}]},
     {"offering": "epl-100"}, ["line 1, charge rental of offering epl-100", "dataset rates has no rate from SEK to EUR on {today}"]),
    ({"vendor-parts": [{"offering": "epl-100", "charge": "router", "vendor": "northline", "part": "NL-1", "type": "oneTime"}],
      "vendor-costs": [{**COST, "valid_to": "2020-12-31"}]},
     {"offering": "epl-100"}, ["line 1", "epl-100", "dataset vendor-costs", "northline", "NL-1", "{today}"]),
    ({"charges": [{**CHARGE, "offering": "epl-100", "charge": "access", "type": "oneTime", "period": ""}], "locations": [{"site": "far"}]},
     {"offering": "epl-100", "site": "lm-001"}, ["line 1", "epl-100", "dataset locations", "lm-001"]),
    ({"charges": [{**CHARGE, "offering": "epl-100"}], "taxes": [{"region": "XY", "category": "*", "id": "vat", "rate": "5%"}]},
     {"offering": "epl-100"}, ["line 1", "epl-100", "dataset taxes", "DE"]),
]
FEW = {"charges": CHARGE, "tiers": TIER, "costs": {"offering": "", "charge": "", "currency": "", "cost": ""}, "vendor-parts": {
    "offering": "", "charge": "", "vendor": "", "part": "", "type": ""}, "vendor-costs": COST, "locations": {"site": ""}, "taxes": {
        "region": "", "category": "", "id": "", "rate": ""}}


def what_a_price_lacks_is_an_error_that_names_it(world):
    """Line, offering and dataset; never a zero."""
    def table(name, rows):
        header = list(dict.fromkeys(column for row in [FEW[name], *rows] for column in row))
        path = world.folder / f"{name}.csv"
        path.write_text("\n".join([",".join(header), *(",".join(row.get(c, "") for c in header) for row in rows)]) + "\n",
                        encoding="utf-8")
        world.must("import", name, str(path))

    world.import_samples()
    for tables, line, words in MISSING:
        for name in FEW:
            table(name, tables.get(name, []))
        path = world.folder / "offer.json"
        path.write_text(json.dumps({"lines": [{"id": "1", "quantity": 1, **line}], "commitment": 12}), encoding="utf-8")
        done = world.call("price", str(path), "--customer", "linden-market")
        assert done.returncode != 0 and done.stdout == "", (tables, done)
        for word in words:
            word = word.format(today=datetime.datetime.now(datetime.timezone.utc).date())
            assert word in done.stderr, (tables, word, done.stderr)


CASES = [
    every_column_refuses_what_cannot_be_in_it,
    a_good_row_of_each_dataset_is_taken,
    percentages_that_take_off_end_at_a_hundred,
    every_dataset_with_days_refuses_rows_that_overlap,
    rows_of_which_none_is_certain_to_hold_are_refused_and_both_named,
    rows_that_follow_each_other_are_taken,
    a_tier_with_both_ends_could_leave_a_gap,
    what_was_refused_stored_nothing,
    what_a_price_lacks_is_an_error_that_names_it,
]


if __name__ == "__main__":
    with World(*sys.argv[1:]) as served:
        sys.exit(tap.run("conflicts", CASES, served))
