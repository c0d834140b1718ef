#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""dealctl price --replay, after imports and with plugins switched off.

usage: test-replayed.py DEALCTL DAEMON PLUGINS SOURCE
"""
import json
import sys

import tap
from world import World

REPLAY = ["price", "--replay", "D-1", "1"]


def dearer(world):
    """charges.csv with another rental of epl-100; its path."""
    path = world.folder / "charges.csv"
    text = world.samples.joinpath("charges.csv").read_text(encoding="utf-8")
    changed = text.replace("epl-100,rental,Rental,recurring,month,EUR,420.00", "epl-100,rental,Rental,recurring,month,EUR,431.00")
    assert changed != text
    path.write_text(changed, encoding="utf-8")
    return str(path)


def replayed(world, *more):
    return json.loads(world.must(*REPLAY, "--json", *more))


def refused(world, status, *words):
    """Its one line on standard error, without the program's name."""
    done = world.call(*words)
    assert done.returncode == status and done.stdout == "" and done.stderr.count("\n") == 1, done
    return done.stderr.removeprefix("dealctl: ")


def it_says_the_same_bytes_and_the_figures_of_then(world):
    text = world.must(*REPLAY)
    price = json.loads(world.must("price", "1", "--revision", "1", "--json"))
    document = replayed(world)
    assert "the same bytes" in text and "Plugins behind its price sheet" in text, text
    assert document["same"] and document["sheet"] == document["replayed"] == price["sheet"], document
    assert document["totals"] == price["totals"] and document["figures"] == price["figures"]
    lines = replayed(world, "--lines")["lines"]
    assert lines == json.loads(world.must("price", "1", "--revision", "1", "--lines", "--json"))["lines"]


def asked_at_once_it_says_that_nothing_differs(world):
    document = replayed(world, "--ask-again")
    assert "the same sheet" in world.must(*REPLAY, "--ask-again")
    assert document["sheetNow"] == document["sheet"] and document["charges"] == [] and document["datasets"] == [], document


def a_dearer_rental_is_told_with_its_rule_and_its_versions(world):
    before = world.must(*REPLAY)
    world.must("import", "charges", dearer(world))
    assert world.must(*REPLAY) == before
    document = replayed(world, "--ask-again")
    assert document["same"] and document["sheetNow"] != document["sheet"]
    assert document["datasets"] == [{"name": "charges", "now": 2, "then": 1}], document["datasets"]
    charge = document["charges"][0]
    assert (charge["charge"], charge["then"], charge["now"], charge["difference"]) == (
        "rental", "EUR 420.00", "EUR 431.00", "EUR 11.00"), charge
    assert [(step["kind"], step["change"], step["sourceThen"], step["sourceNow"]) for step in charge["why"]] == [
        ("open", "changed", "charges@1", "charges@2")], charge
    text = world.must(*REPLAY, "--ask-again")
    assert "charges@1 → charges@2" in text and "EUR 420.00 → EUR 431.00" in text, text
    assert "come out otherwise" in text, text


def other_versions_without_another_price_are_told_so(world):
    world.must("import", "charges", world.sample("charges.csv"))
    document = replayed(world, "--ask-again")
    assert document["charges"] == [] and document["datasets"] == [{"name": "charges", "now": 3, "then": 1}], document
    assert "the same prices, from other versions" in world.must(*REPLAY, "--ask-again")


def without_the_catalogue_no_price_comes_out_and_the_recorded_one_stands(world):
    before = world.must(*REPLAY)
    world.must("plugin", "disable", "pricing-catalogue")
    assert world.must(*REPLAY) == before
    assert "no charges" in replayed(world, "--ask-again")["refused"]
    assert "Asked again:     no price: line " in world.must(*REPLAY, "--ask-again")
    world.must("plugin", "enable", "pricing-catalogue")


def what_does_not_go_with_it_is_refused(world):
    for words in (["price", "--replay", "1"], ["price", "1", "1"], ["price", "--ask-again", "1", "1"],
                  [*REPLAY, "--lines", "--ask-again"], [*REPLAY, "--discount", "5%"], [*REPLAY, "--by", "line"],
                  [*REPLAY, "--goal", "margin=5%"], [*REPLAY, "--revision", "1"], ["price", "--replay", "1", "x"]):
        refused(world, 2, *words)
    assert "has no revision 7" in refused(world, 4, "price", "--replay", "1", "7")


def completion_offers_its_revisions(world):
    assert "1" in world.must("complete", "--", "price", "--replay", "1", "").split()
    assert "--ask-again" in world.must("complete", "--", "price", "--replay", "1", "1", "--ask").split()


CASES = [
    it_says_the_same_bytes_and_the_figures_of_then, asked_at_once_it_says_that_nothing_differs,
    a_dearer_rental_is_told_with_its_rule_and_its_versions, other_versions_without_another_price_are_told_so,
    without_the_catalogue_no_price_comes_out_and_the_recorded_one_stands, what_does_not_go_with_it_is_refused,
    completion_offers_its_revisions,
]

if __name__ == "__main__":
    with World(*sys.argv[1:]) as shared:
        shared.import_samples()
        shared.must("open", "--as", "anna", "--from", shared.sample("request-linden.json"))
        shared.must("propose", "1", "--as", "anna", "--valid-until", "2099-12-31")
        sys.exit(tap.run("replayed", CASES, shared))
