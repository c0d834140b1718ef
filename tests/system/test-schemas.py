#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every verb's --json against its published schema, through one deal's whole life.

usage: test-schemas.py DEALCTL DAEMON PLUGINS SOURCE
"""
import copy
import json
import pathlib
import subprocess
import sys
import time

import jsonschema

import tap
from world import CUSTOMER, PATIENCE, TABLES, World

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "tests" / "tools"))
import schemas  # noqa: E402, pylint: disable=wrong-import-position

ANNA = ["--as", "anna"]


def closed(schema):
    """The schema, and nothing but what it names: what a published one leaves open for later versions."""
    schema = copy.deepcopy(schema)

    def close(part):
        if isinstance(part, dict):
            if "properties" in part:
                part["additionalProperties"] = False
            for inner in part.values():
                close(inner)

    close(schema)
    return schema


class Checker:
    """Runs verbs and holds what they print against the committed schemas."""

    def __init__(self, world):
        self.world = world
        self.seen = set()

    def check(self, form, *words):
        """The document that `words` print, which has the schema of `form` ("list", "price lines")."""
        text = self.world.must(*words, "--json")
        document = json.loads(text)
        self.validate(form, document)
        return document

    def validate(self, form, document):
        schema = json.loads((SOURCE / "data" / "schemas" / schemas.file_name(form.split())).read_text(encoding="utf-8"))
        jsonschema.Draft7Validator(closed(schema)).validate(document)
        self.seen.add(form)


def schemas_are_valid_and_current(world):
    listed = schemas.forms(world.dealctl)
    folder = SOURCE / "data" / "schemas"
    assert {path.name for path in folder.glob("*.json")} == {schemas.file_name(form) for form in listed}
    for form in listed:
        text = (folder / schemas.file_name(form)).read_text(encoding="utf-8")
        jsonschema.Draft7Validator.check_schema(json.loads(text))
        assert text == schemas.schema(world.dealctl, form), f"{form}: run tests/tools/schemas.py"


def a_schema_refuses_what_it_does_not_name(world):
    """The control: without it the other cases would prove nothing."""
    schema = json.loads((SOURCE / "data" / "schemas" / "dealctl-list.json").read_text(encoding="utf-8"))
    document = json.loads(world.must("list", "--json"))
    for wrong in ({**document, "more": 1}, {**document, "deals": [{"version": "9"}]}, {}):
        try:
            jsonschema.Draft7Validator(closed(schema)).validate(wrong)
        except jsonschema.ValidationError:
            continue
        raise AssertionError(f"{wrong} passed")


def begin(checker):
    world = checker.world
    for table in TABLES:
        checker.check("import", "import", table, world.sample(f"{table}.csv"))
    checker.check("dataset", "dataset", "list")
    checker.check("dataset show", "dataset", "show", "charges", "epl-100")
    checker.check("dataset diff", "dataset", "diff", "charges", "1")
    checker.check("import catalogue", "import", "catalogue", world.sample("catalogue.json"), "--dry-run")
    checker.check("open", "open", *ANNA, "--from", world.sample("request-linden.json"))
    checker.check("list", "list")
    checker.check("price", "price", "1")
    checker.check("price lines", "price", "1", "--lines")
    goal = checker.check("price lines", "price", "1", "--lines", "--goal", "total=EUR 900000")["goal"]
    assert goal["outcome"] == "reached" and goal["stops"], goal
    by_category = checker.check("price by", "price", "1", "--by", "category")
    assert len(by_category["breakdown"]) > 1 and all(part["key"] for part in by_category["breakdown"]), by_category
    checker.check("explain", "explain", "1", "001")
    checker.check("explain why-not", "explain", "1", "--discount", "5%", "--why-not", "alteration-1")
    picture = checker.check("explain svg", "explain", "1", "001", "--svg", str(checker.world.folder / "picture.svg"))
    assert picture["format"] == "svg", picture
    checker.check("propose", "propose", "1", *ANNA, "--discount", "5%", "--dry-run")
    checker.check("propose", "propose", "1", *ANNA, "--terms", world.sample("terms-standard.json"), "--term", "36", "--order",
                  "1=001..068", "--order", "2=rest", "--valid-until", "2099-12-31")
    checker.check("price replay", "price", "--replay", "1", "1")
    checker.check("price replay-lines", "price", "--replay", "1", "1", "--lines")
    checker.check("import", "import", "promotions", world.sample("promotions.csv"))
    again = checker.check("price ask-again", "price", "--replay", "1", "1", "--ask-again")
    assert again["same"] and again["datasets"] and again["charges"][0]["why"], again


def talk(checker):
    checker.check("ask", "ask", "1", "Does the cap cover lost sales?", "--clause", "liability", *CUSTOMER)
    checker.check("answer", "answer", "1", "1", "Yes.", *ANNA)
    checker.check("extend", "extend", "1", "1", "2100-01-31", *ANNA)
    checker.check("counter", "counter", "1", "1", "--discount", "18%", "--spread", "1%", "--term", "48", *CUSTOMER)
    checker.check("diff", "diff", "1", "1", "2")
    checker.check("advise", "advise", "1")
    checker.check("accept", "accept", "1", "2", *ANNA)
    checker.check("show", "show", "1", "--revision", "2")
    checker.check("approvals", "approvals", "--all")


def conclude(checker):
    checker.check("approve", "approve", "1", "--as", "carla", "--comment", "A customer of ten years")
    checker.check("acknowledge", "acknowledge", "1", "liability", *CUSTOMER)
    checker.check("acknowledge all", "acknowledge", "1", "--all", *CUSTOMER)
    checker.check("sign", "sign", "1", *CUSTOMER)
    checker.check("sign", "sign", "1", "--as", "dario")
    end = time.monotonic() + PATIENCE
    while any(order["state"] == "pending" for order in checker.check("orders", "orders", "1")["orders"]):
        assert time.monotonic() < end, "the orders don't arrive"
        time.sleep(0.1)
    orders = checker.check("orders documents", "orders", "1", "--documents")["orders"]
    completed = checker.world.must("complete", "--", "handoff", "D-1", "").splitlines()
    assert [line.split("\t")[0] for line in completed] == [order["id"] for order in orders], completed
    checker.check("show", "show", "1")
    checker.check("log", "log", "1")
    checker.check("export", "export", "1", "--format", "tmf648", "--output", str(checker.world.folder / "quote.json"))


def other_ends(checker):
    """Deals that end otherwise."""
    world = checker.world
    for number in ("2", "3"):
        checker.check("open", "open", *ANNA, "--from", world.sample("request-linden.json"))
        checker.check("propose", "propose", number, *ANNA, "--terms", world.sample("terms-standard.json"))
    checker.check("decline", "decline", "2", "1", "--reason", "too dear", *CUSTOMER)
    checker.check("withdraw", "withdraw", "2", "--deal", *ANNA)
    checker.check("counter", "counter", "3", "1", "--discount", "18%", *CUSTOMER)
    checker.check("accept", "accept", "3", "2", *ANNA)
    checker.check("refuse", "refuse", "3", "--reason", "too cheap", "--as", "carla")
    checker.check("show", "show", "3")
    checker.check("log", "log", "3")


def administer(checker):
    backup = str(checker.world.folder / "backup.db")
    checker.check("plugin", "plugin", "list")
    checker.check("plugin info", "plugin", "info", "pricing-catalogue")
    checker.check("plugin why", "plugin", "why", "1")
    checker.check("plugin test", "plugin", "test", str(pathlib.Path(checker.world.plugins, "approval-authority.so")))
    checker.check("search", "search", "Linden")
    checker.check("status", "status")
    checker.check("verify", "verify")
    checker.check("backup", "backup", backup)
    checker.check("restore", "restore", backup, "--dry-run")
    configuration = [str(checker.world.folder / "dealdesk.conf"), "--plugin-dir", checker.world.plugins]
    checker.check("config check", "config", "check", *configuration)
    checker.check("config show", "config", "show", *configuration)
    checker.check("plugin new", "plugin", "new", "acme-rebate", "--kind", "pricing", "--directory", str(checker.world.folder))


def watch(checker):
    """A watcher's line. When it began to watch can't be seen, so moves go on until it has had one."""
    world = checker.world
    with subprocess.Popen(
        [world.dealctl, "watch", "--count", "1", "--json"], env=world.environment(), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, text=True,
    ) as watcher:
        end = time.monotonic() + PATIENCE
        while watcher.poll() is None and time.monotonic() < end:
            world.must("ask", "3", "Still there?", *CUSTOMER)
        watcher.terminate()
        line = watcher.stdout.read()
    checker.validate("watch", json.loads(line))


# What has a schema and is not run here, with the reason.
ELSEWHERE = {
    "handoff": "a move like the others, of an order that is held: test-handoff.c holds one",
}


def every_verb_prints_what_its_schema_says(world):
    checker = Checker(world)
    for part in (begin, talk, conclude, other_ends, administer, watch):
        part(checker)
    wanted = {" ".join(form) for form in schemas.forms(world.dealctl)} - ELSEWHERE.keys()
    assert checker.seen == wanted, f"not run: {sorted(wanted - checker.seen)}"


CASES = [schemas_are_valid_and_current, every_verb_prints_what_its_schema_says, a_schema_refuses_what_it_does_not_name]


def main():
    with World(*sys.argv[1:5]) as world:
        return tap.run("schemas", CASES, world)


if __name__ == "__main__":
    sys.exit(main())
