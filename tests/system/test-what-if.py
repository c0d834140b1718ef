#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""dealctl price of a file, with --set and --goal, on a daemon with every sample dataset.

usage: test-what-if.py DEALCTL DAEMON PLUGINS SOURCE
"""
import decimal
import json
import subprocess
import sys

import tap
from world import PATIENCE, World

LINES = [
    {"id": "1", "offering": "epl-100", "site": "lm-001"},
    {"id": "2", "offering": "dia-1000", "site": "lm-002"},
    {"id": "3", "offering": "dia-1000", "site": "lm-001", "optional": True},
]
EPL = LINES[:1]


def import_everything(world):
    for path in sorted(world.samples.glob("*.csv")):
        world.must("import", path.stem, str(path))


def write(world, name, lines, **more):
    """A proposal's file; its path."""
    path = world.folder / name
    path.write_text(json.dumps({"lines": lines, "commitment": 36, "currency": "EUR", **more}), encoding="utf-8")
    return str(path)


def amount(text):
    """Of "EUR 12.50" or "22%"."""
    return decimal.Decimal(text.split(" ")[-1].rstrip("%"))


def priced(world, *words):
    return json.loads(world.must("price", *words, "--json"))


def value(document):
    assert len(document["figures"]) == 1, document["figures"]
    return amount(document["figures"][0]["contractValue"])


def charges(document):
    return {(line["id"], charge["id"]): charge for line in document["lines"] for charge in line["charges"]}


def refused(world, status, *words):
    """Its one line on standard error, without the program's name."""
    done = world.call(*words)
    assert done.returncode == status and done.stderr.startswith("dealctl: ") and done.stderr.count("\n") == 1, done
    return done.stderr.removeprefix("dealctl: ")


# --- a file ---

def a_file_is_priced_without_a_deal(world):
    path = write(world, "epl.json", EPL)
    document = priced(world, path, "--lines")
    assert ("1", "rental") in charges(document) and value(document) > 0, document
    assert "Over the commitment" in world.must("price", path)
    assert json.loads(world.must("list", "--json"))["deals"] == []


def a_file_comes_from_standard_input_too(world):
    path = write(world, "input.json", EPL)
    with open(path, encoding="utf-8") as given:
        done = subprocess.run(
            [world.dealctl, "price", "-", "--json", "--discount", "5%"], stdin=given, env=world.environment(), capture_output=True,
            text=True, timeout=PATIENCE, check=False,
        )
    assert done.returncode == 0, done
    assert json.loads(done.stdout) == priced(world, path, "--discount", "5%")


def a_customer_s_contracted_prices_apply_where_one_is_named(world):
    path = write(world, "contracted.json", EPL)
    nobodys = charges(priced(world, path, "--lines"))["1", "rental"]
    theirs = charges(priced(world, path, "--lines", "--customer", "nordhafen-logistik"))["1", "rental"]
    assert amount(theirs["net"]) < amount(nobodys["net"]), (theirs, nobodys)
    assert "nordhafen" in refused(world, 4, "price", path, "--customer", "nordhafen")


def a_word_that_is_neither_says_both_readings(world):
    said = refused(world, 4, "price", str(world.folder / "nothing.json"))
    assert "nothing.json" in said and "D-1042" in said and "no file" in said, said
    assert "D-99" in refused(world, 4, "price", "99")


def a_fault_of_a_file_is_told_with_its_name_and_place(world):
    path = world.folder / "broken.json"
    path.write_text('{"lines":[{"id":"1","quantity":-1}]}', encoding="utf-8")
    for edit in ([], ["--set", "term=24"]):
        said = refused(world, 1, "price", str(path), *edit)
        assert "broken.json" in said and "lines[0].quantity" in said, said
    path.write_text("", encoding="utf-8")
    assert "proposal" in refused(world, 1, "price", str(path))


def what_is_a_deal_s_is_no_option_of_a_file(world):
    path = write(world, "options.json", EPL)
    assert "--revision" in refused(world, 2, "price", path, "--revision", "1")
    assert "--file" in refused(world, 2, "price", path, "--file", path)
    assert "--customer" in refused(world, 2, "price", "1", "--customer", "linden-market")
    assert "--revision" in refused(world, 2, "price", "1", "--revision", "1", "--file", path)
    assert "--by" in refused(world, 2, "price", path, "--lines", "--by", "line")


# --- --set ---

def settings_are_the_edits_that_they_name(world):
    path = write(world, "set.json", LINES)
    by_set = priced(world, path, "--set", "term=48", "--set", "line.1.discount=15%", "--set", "line.3.chosen=yes",
                    "--set", "line.2:rental.price=EUR 500", "--set", "spread=EUR 10", "--set", "line.1.quantity=2", "--lines")
    by_option = priced(world, path, "--term", "48", "--discount", "1=15%", "--choose", "3", "--price", "2:rental=EUR 500",
                       "--spread", "EUR 10", "--quantity", "1=2", "--lines")
    assert by_set == by_option
    assert by_set["sheet"] != priced(world, path)["sheet"]


def a_bad_setting_is_one_error_that_says_what_can_be(world):
    path = write(world, "bad-set.json", LINES)
    for setting, status, part in (
        ("terms=48", 2, "did you mean term?"), ("line.1.quantity=x", 2, "line.1.quantity=x"), ("line.9.discount=5%", 4, "“9”"),
        ("line.1.discount=5", 2, "“5%”"), ("term", 2, "PATH=VALUE"), ("line.1.rental.discount=5%", 2, "line.1:rental.discount"),
    ):
        said = refused(world, status, "price", path, "--set", setting)
        assert part in said and said.startswith("--set"), said


# --- --goal ---

def a_total_is_reached_and_no_smaller_discount_does(world):
    path = write(world, "total.json", LINES)
    before = value(priced(world, path))
    wanted = (before * decimal.Decimal("0.93")).quantize(decimal.Decimal("0.01"))
    document = priced(world, path, "--goal", f"total=EUR {wanted}")
    goal = document["goal"]
    assert goal["outcome"] == "reached" and goal["kind"] == "total", goal
    assert value(document) == amount(goal["reached"]) <= wanted < before, document
    text = world.must("price", path, "--goal", f"total=EUR {wanted}")
    assert f"A discount of {goal['discount']} brings the total to {goal['reached']}" in text, text
    # Where the lines negotiate nothing and none is at its floor, the discount can be offered as it is.
    assert not goal["stops"]
    assert value(priced(world, path, "--set", f"discount={goal['discount']}")) == value(document)
    smaller = amount(goal["discount"]) - decimal.Decimal("0.0001")
    assert value(priced(world, path, "--set", f"discount={smaller}%")) > wanted


def a_total_that_holds_already_is_no_failure(world):
    path = write(world, "held.json", LINES)
    document = priced(world, path, "--goal", "total=EUR 99999999")
    assert document["goal"]["outcome"] == "met-without" and document["goal"]["discount"] == "0%", document["goal"]
    assert "without a discount" in world.must("price", path, "--goal", "total=EUR 99999999")


def floors_stop_it_and_are_named(world):
    path = write(world, "floors.json", LINES[:2])
    done = world.call("price", path, "--goal", "total=EUR 100", "--json")
    goal = json.loads(done.stdout)["goal"]
    assert done.returncode == 1 and "--goal" in done.stderr, done
    assert goal["outcome"] == "at-floors", goal
    floors = {(stop["line"], stop["charge"]): stop["floor"] for stop in goal["stops"] if stop["reason"] == "floor"}
    assert floors["2", "rental"] == "EUR 399.00", goal
    settings = [f"discount={goal['discount']}", *(f"line.{stop['line']}:{stop['charge']}.discount={stop['discount']}" for stop in goal["stops"])]
    offered = priced(world, path, *(word for setting in settings for word in ("--set", setting)))
    assert value(offered) == amount(goal["reached"]), offered
    text = world.call("price", path, "--goal", "total=EUR 100")
    assert text.returncode == 1 and "can't be reached: floors end it at" in text.stdout, text
    assert "at its floor, EUR 399.00" in text.stdout and "Totals" in text.stdout, text


def a_margin_is_kept_or_told_to_be_below(world):
    path = write(world, "margin.json", EPL)
    now = priced(world, path)["figures"][0]["margin"]
    wanted = amount(now) - 5
    document = priced(world, path, "--goal", f"margin={wanted}%")
    assert document["goal"]["outcome"] == "reached", document["goal"]
    assert wanted <= amount(document["figures"][0]["margin"]) < amount(now), document
    below = world.call("price", path, "--goal", "margin=EUR 99%")
    assert below.returncode == 1 and "without a discount" in below.stdout, below


def a_goal_works_on_the_edited_offer(world):
    path = write(world, "edited.json", LINES)
    before = value(priced(world, path, "--set", "term=24"))
    document = priced(world, path, "--set", "term=24", "--goal", f"total=EUR {before - 100}", "--lines")
    assert document["goal"]["outcome"] == "reached" and value(document) <= before - 100, document["goal"]
    assert amount(document["goal"]["discount"]) > 0


def a_goal_that_is_none_is_told_what_one_looks_like(world):
    path = write(world, "bad-goal.json", EPL)
    for goal, status in (("250000", 2), ("total=", 2), ("profit=5%", 2), ("margin=22", 1), ("total=250000", 1), ("margin=101%", 1)):
        assert goal in refused(world, status, "price", path, "--goal", goal)


# --- a deal ---

def a_deal_is_tried_without_a_move_and_offered_as_it_was_tried(world):
    world.must("open", "--as", "anna", "--from", world.sample("request-linden.json"))
    tried = priced(world, "1", "--set", "term=48", "--set", "line.001.discount=6%")
    assert json.loads(world.must("show", "1", "--json"))["revisions"] == []
    world.must("propose", "1", "--as", "anna", "--set", "term=48", "--set", "line.001.discount=6%", "--set", "validUntil=2099-12-31")
    tabled = priced(world, "1", "--revision", "1")
    assert tabled["totals"] == tried["totals"] and tabled["figures"] == tried["figures"]
    wanted = value(tabled) - 1000
    goal = priced(world, "1", "--goal", f"total=EUR {wanted}")["goal"]
    assert goal["outcome"] == "reached" and amount(goal["reached"]) <= wanted, goal
    assert len(json.loads(world.must("show", "1", "--json"))["revisions"]) == 1


# --- completion ---

def completion_offers_what_can_be_set_and_what_a_goal_is(world):
    assert world.must("complete", "--", "price", "1", "--set", "te").split() == ["term="]
    assert "line." in world.must("complete", "--", "propose", "1", "--set", "").split()
    assert world.must("complete", "--", "price", "1", "--goal=m").split() == ["--goal=margin="]


CASES = [
    a_file_is_priced_without_a_deal, a_file_comes_from_standard_input_too,
    a_customer_s_contracted_prices_apply_where_one_is_named, a_word_that_is_neither_says_both_readings,
    a_fault_of_a_file_is_told_with_its_name_and_place, what_is_a_deal_s_is_no_option_of_a_file,
    settings_are_the_edits_that_they_name, a_bad_setting_is_one_error_that_says_what_can_be,
    a_total_is_reached_and_no_smaller_discount_does, a_total_that_holds_already_is_no_failure,
    floors_stop_it_and_are_named, a_margin_is_kept_or_told_to_be_below, a_goal_works_on_the_edited_offer,
    a_goal_that_is_none_is_told_what_one_looks_like,
    a_deal_is_tried_without_a_move_and_offered_as_it_was_tried,
    completion_offers_what_can_be_set_and_what_a_goal_is,
]

if __name__ == "__main__":
    with World(*sys.argv[1:]) as shared:
        import_everything(shared)
        sys.exit(tap.run("what-if", CASES, shared))
