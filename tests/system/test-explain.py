#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""dealctl explain: steps that add up, pictures that are whole, the same and safe, and rules that didn't apply.

usage: test-explain.py DEALCTL DAEMON PLUGINS SOURCE
"""
import json
import pathlib
import shutil
import subprocess
import sys
import xml.etree.ElementTree as xml
from decimal import Decimal

import tap
from world import World

SVG = "{http://www.w3.org/2000/svg}"
PROMOTIONS = """\
offering,id,charge,kind,percent,min_months,valid_from,valid_to,label
*,loyal,rental,percent-off,5%,24,2000-01-01,2999-12-31,Loyalty
*,very-loyal,rental,percent-off,9%,240,2000-01-01,2999-12-31,Twenty years
*,past,rental,percent-off,9%,,2000-01-01,2000-12-31,Millennium
"""
DESCRIPTION = {
    "title": "Prices", "headings": ["Step", "Effect", "After it"], "width": 100, "charges": [{
        "title": "rental", "summary": "Net: EUR 1.00", "steps": [
            {"label": "base", "effect": "EUR +1.00", "after": "EUR 1.00", "first": 0, "length": 100, "falls": False},
        ],
    }],
}


def amount(text):
    return Decimal(text.split()[1])


def explained(world, *words):
    return json.loads(world.must("explain", "1", *words, "--json"))


def picture_program(world):
    return pathlib.Path(world.dealctl).parents[1] / "daemon" / "document" / "dealdesk-picture"


def draw(world, description):
    text = description if isinstance(description, bytes) else json.dumps(description).encode()
    return subprocess.run([picture_program(world)], input=text, capture_output=True, timeout=60, check=False)


def refused(world, status, said, *words):
    done = world.call("explain", "1", *words)
    assert done.returncode == status and said in done.stderr and done.stdout == "", (words, done)


def every_step_leads_to_the_next(world):
    steps = 0
    for line in explained(world)["lines"]:
        for charge in line["charges"]:
            running = Decimal(0)
            for step in charge["steps"]:
                running += amount(step["effect"])
                assert running == amount(step["after"]), (line["id"], charge)
                assert step["stage"] and step["kind"], step
                steps += 1
    assert steps > 300, steps


def all_lines_are_those_of_the_price(world):
    sheet = json.loads(world.must("price", "1", "--lines", "--json"))
    whole = explained(world)
    assert whole["sheet"] == sheet["sheet"]
    for line in whole["lines"]:
        for charge in line["charges"]:
            del charge["steps"]
    assert whole["lines"] == sheet["lines"]


def a_line_or_a_charge_alone_is_the_same(world):
    whole = {line["id"]: line for line in explained(world)["lines"]}
    assert explained(world, "002")["lines"] == [whole["002"]]
    alone = explained(world, "002", "--charge", "rental")["lines"]
    assert [charge["id"] for charge in alone[0]["charges"]] == ["rental"] and alone[0]["charges"][0] in whole["002"]["charges"]
    setups = explained(world, "--charge", "setup")["lines"]
    assert 1 < len(setups) < len(whole), len(setups)
    assert {charge["id"] for line in setups for charge in line["charges"]} == {"setup"}


def a_revision_and_edits_are_explained_too(world):
    def negotiated(*words):
        steps = explained(world, "002", "--charge", "rental", *words)["lines"][0]["charges"][0]["steps"]
        return [step for step in steps if step["stage"] == "negotiated" and step["kind"] != "round"]

    assert negotiated("--revision", "1") == []
    half = negotiated("--revision", "1", "--discount", "50%")
    assert len(half) == 1 and half[0]["source"] == "line" and amount(half[0]["effect"]) == -amount(half[0]["after"]), half


def a_margin_is_of_the_charge(world):
    charge = explained(world, "002", "--charge", "rental")["lines"][0]["charges"][0]
    net, cost = amount(charge["net"]), amount(charge["cost"])
    assert abs((net - cost) / net * 100 - Decimal(charge["margin"].rstrip("%"))) < Decimal("0.0000001"), charge
    loss = world.must("explain", "1", "002", "--charge", "rental", "--discount", "95%")
    assert "Loss:" in loss and "Margin:  -" in loss, loss


def bars_say_the_amounts_of_the_table(world):
    table, bars = (world.must("explain", "1", "001", *more) for more in ((), ("--bars",)))
    amounts = [word for word in table.split() if word.lstrip("+-")[:1].isdigit() and "." in word]
    assert "379.00" in amounts and "+549.00" in amounts and len(amounts) > 10, amounts
    assert all(word in bars.split() for word in amounts), bars
    assert "█" in bars and "█" not in table


def what_is_not_there_is_named(world):
    refused(world, 4, "there is no line “01”; did you mean 001?", "01")
    refused(world, 4, "there is no charge “rent”; did you mean rental?", "001", "--charge", "rent")
    refused(world, 4, "there are rental, setup", "001", "--charge", "zzzzzzzz")
    refused(world, 2, "--revision", "--revision", "-1")
    refused(world, 2, "exclude each other", "--bars", "--svg", "x")
    refused(world, 2, "--customer goes with a file", "--customer", "linden-market")
    refused(world, 2, "excludes --file", "--revision", "1", "--file", world.sample("request-linden.json"))
    refused(world, 2, "--why-not excludes", "--why-not", "loyal", "--bars")
    refused(world, 2, "--why-not is the id of a rule", "--why-not=")


def a_picture_is_the_same_twice_and_well_formed(world):
    one, two = world.folder / "one.svg", world.folder / "two.svg"
    said = json.loads(world.must("explain", "1", "001", "--svg", str(one), "--json"))
    world.must("explain", "1", "001", "--svg", str(two))
    assert one.read_bytes() == two.read_bytes() and said["bytes"] == one.stat().st_size and said["file"] == str(one), said
    assert world.must("explain", "1", "001", "--svg", "-").encode() == one.read_bytes(), "standard output has it alone"
    root = xml.fromstring(one.read_bytes())
    assert root.tag == SVG + "svg" and "D-1" in root.find(SVG + "title").text
    described = root.find(SVG + "desc").text
    for charge in explained(world, "001")["lines"][0]["charges"]:
        for step in charge["steps"]:
            label = f"{step['stage']}: {step['label']}" if "label" in step else step["stage"]
            sign = "" if step["effect"].startswith("EUR -") else "+"
            assert f"\n{label}: EUR {sign}{step['effect'][4:]}, {step['after']}\n" in described, step
        assert f"Net: {charge['net']}" in described, described
    assert len(root.findall(f".//{SVG}path")) > 5, "bars and letters"


def a_picture_holds_no_markup_of_others(world):
    proposal = json.loads(world.must("export", "1", "--format", "proposal"))
    hostile = '</desc><script>alert("1")</script>&amp;\u202e'
    proposal["lines"][0]["name"] = hostile
    path = world.folder / "hostile.json"
    path.write_text(json.dumps(proposal), encoding="utf-8")
    picture = world.must("explain", "1", "001", "--file", str(path), "--svg", "-")
    root = xml.fromstring(picture.encode())
    assert hostile[:-1] in root.find(SVG + "desc").text, "it is all there, as text"
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "defs", "g", "symbol", "path", "use", "rect", "clipPath"}, tags
    for element in root.iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on") and (not name.endswith("href") or value.startswith("#")), (name, value)


def a_picture_that_fails_leaves_the_file_as_it_was(world):
    """dealctl beside a program that reads nothing, prints half a picture or crashes; its description is longer than a pipe holds."""
    tree = world.folder / "tree"
    fake = tree / "daemon" / "document" / "dealdesk-picture"
    for folder in (tree / "ctl", fake.parent):
        folder.mkdir(parents=True)
    shutil.copy(world.dealctl, tree / "ctl" / "dealctl")
    target = world.folder / "kept.svg"
    target.write_text("as it was", encoding="utf-8")
    lines = [{"id": str(i), "offering": "epl-100", "site": "lm-001"} for i in range(400)]
    long = world.folder / "long.json"
    long.write_text(json.dumps({"lines": lines, "commitment": 36, "currency": "EUR"}), encoding="utf-8")
    for script, said in (
        ("echo 'never read' >&2; exit 1", "never read"), ("cat >/dev/null; echo '<svg>'; echo 'no ink' >&2; exit 1", "no ink"),
        ("kill -SEGV $$", "no picture"),
    ):
        fake.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        fake.chmod(0o755)
        done = subprocess.run(
            [tree / "ctl" / "dealctl", "explain", long, "--svg", target], env=world.environment(), stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=60, check=False,
        )
        assert done.returncode == 1 and said in done.stderr and done.stderr.count("\n") == 1 and done.stdout == "", done
        assert target.read_text(encoding="utf-8") == "as it was"
    assert [path.name for path in world.folder.glob("kept*")] == ["kept.svg"], "and nothing beside it"
    refused(world, 1, "which is as it was", "001", "--svg", str(world.folder / "nowhere" / "x.svg"))


def the_program_refuses_what_is_no_description(world):
    def changed(**members):
        return {**DESCRIPTION, **members}

    def with_step(**members):
        step = {**DESCRIPTION["charges"][0]["steps"][0], **members}
        return changed(charges=[{**DESCRIPTION["charges"][0], "steps": [step]}])

    assert draw(world, DESCRIPTION).returncode == 0, "a good one"
    wrong = [
        (b"", "line 1"), (b"[]", "object"), (b"{\xff}", "UTF-8"), (changed(width=0), "width"), (changed(width=10**9), "width"), (changed(headings=["a"]), "headings"),
        (changed(headings=["a", "b", 3]), "headings[2]"), (changed(more=1), "more"), (with_step(first=101), "first"),
        (with_step(first=-1), "first"), (with_step(first=60, length=41), "length"), (with_step(falls="no"), "falls"),
        (with_step(label=None), "label"), (changed(charges=[{**DESCRIPTION["charges"][0], "steps": []}] * 5001), "10000 rows"),
    ]
    for description, said in wrong:
        done = draw(world, description)
        error = done.stderr.decode()
        assert done.returncode == 1 and done.stdout == b"" and error.startswith("dealdesk-picture: ") and said in error, (description, done)


def control_characters_do_not_break_a_picture(world):
    odd = {**DESCRIPTION, "title": "a\u0001\u000b\u007f\ufffe\uffff<\t'\"&" + "x" * 100000}
    done = draw(world, odd)
    assert done.returncode == 0, done.stderr
    title = xml.fromstring(done.stdout).find(SVG + "title").text
    assert title.startswith("a\ufffd\ufffd\ufffd\ufffd\ufffd<\t'\"&x") and len(title) > 100000, title[:20]
    assert len(done.stdout) < 300000, "what doesn't fit isn't drawn"


def a_rule_says_what_it_missed(world):
    def why_not(rule, *line):
        return json.loads(world.must("explain", "1", *line, "--why-not", rule, "--json"))

    loyal = why_not("loyal")
    assert {"charge": "rental", "line": "001"} in loyal["applied"] and loyal["rule"] == "loyal", loyal
    missed = why_not("very-loyal")
    assert missed["applied"] == [] and len(missed["misses"]) > 1, missed
    assert all(miss["plugin"] == "pricing-promotion" and "240" in miss["reason"] for miss in missed["misses"]), missed["misses"][:2]
    alone = why_not("very-loyal", "002")
    assert alone["misses"] == [miss for miss in missed["misses"] if miss["line"] == "002"] and alone["misses"], alone
    assert "2000-12-31" in why_not("past", "001")["misses"][0]["reason"], why_not("past", "001")
    text = world.must("explain", "1", "001", "--why-not", "very-loyal")
    assert "It applied nowhere." in text and "pricing-promotion" in text and "240" in text, text


def a_file_is_explained_without_a_deal(world):
    path = world.folder / "offer.json"
    path.write_text(json.dumps({"lines": [{"id": "1", "offering": "epl-100", "site": "lm-001"}], "commitment": 36, "currency": "EUR"}),
                    encoding="utf-8")
    whole, sheet = (json.loads(world.must(verb, str(path), *more, "--customer", "linden-market", "--json"))
                    for verb, more in (("explain", ()), ("price", ("--lines",))))
    assert whole["sheet"] == sheet["sheet"] and whole["lines"][0]["charges"][0]["steps"], whole
    assert json.loads(world.must("explain", str(path), "1", "--set", "term=12", "--json"))["sheet"] != whole["sheet"]
    picture = world.folder / "offer.svg"
    said = json.loads(world.must("explain", str(path), "--svg", str(picture), "--json"))
    assert "deal" not in said and said["bytes"] == picture.stat().st_size, said
    assert "offer.json" in xml.fromstring(picture.read_bytes()).find(SVG + "title").text
    assert "no “nobody”" in world.call("explain", str(path), "--customer", "nobody").stderr
    for given, word in ((str(path), str(path)), (path, "-")):
        with open(given, encoding="utf-8") as text:
            done = subprocess.run([world.dealctl, "explain", word, "--why-not", "verry-loyal"], env=world.environment(), stdin=text,
                                  capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 4 and "did you mean very-loyal?" in done.stderr, done


def a_rule_that_nobody_knows_is_an_error(world):
    refused(world, 4, "knows a rule “verry-loyal” for these lines; did you mean very-loyal?", "--why-not", "verry-loyal")
    refused(world, 4, "did you mean past?", "001", "--why-not", "pasr")
    refused(world, 4, "there is no line “zz”", "zz", "--why-not", "loyal")


CASES = [
    every_step_leads_to_the_next, all_lines_are_those_of_the_price, a_line_or_a_charge_alone_is_the_same,
    a_revision_and_edits_are_explained_too, a_margin_is_of_the_charge, bars_say_the_amounts_of_the_table, what_is_not_there_is_named,
    a_picture_is_the_same_twice_and_well_formed, a_picture_holds_no_markup_of_others,
    a_picture_that_fails_leaves_the_file_as_it_was, the_program_refuses_what_is_no_description,
    control_characters_do_not_break_a_picture,
    a_file_is_explained_without_a_deal, a_rule_says_what_it_missed, a_rule_that_nobody_knows_is_an_error,
]


def main():
    with World(*sys.argv[1:5]) as world:
        world.import_samples()
        promotions = world.folder / "promotions.csv"
        promotions.write_text(PROMOTIONS, encoding="utf-8")
        world.must("import", "promotions", str(promotions))
        world.negotiate()
        return tap.run("explain", CASES, world)


if __name__ == "__main__":
    sys.exit(main())
