#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Catalogues as TMF620 has them: real requests in every form that an import takes, decimals to the last digit, and what a large
one costs the daemon.

usage: test-catalogue.py DEALCTL DAEMON PLUGINS SOURCE
"""
import json
import os
import pathlib
import sys

import tap
from world import World

SHARED = pathlib.Path(os.environ.get("DEALDESK_SHARED", pathlib.Path(sys.argv[4], "..", "shared")))
FIWARE = SHARED / "payloads" / "fiware-negotiation"

LARGE = 100 << 20  # bytes of the catalogue
# KiB that importing it may add to the daemon at its peak: the document itself, which is mapped, and its rows until they are
# stored. A tree of the whole would be several times the document; what is dropped from it (descriptions) costs nothing.
GROWTH = (LARGE >> 10) + (128 << 10)


def write(world, document):
    path = world.folder / "catalogue.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return str(path)


def bring(world, document, *words):
    """Imports it: rows by dataset, and the remarks."""
    answer = json.loads(world.must("import", "catalogue", write(world, document), "--json", *words))
    return {each["dataset"]: each["rows"] for each in answer["datasets"]}, "\n".join(answer["remarks"])


def shown(world, dataset):
    """Rows of the current version, each a dictionary."""
    answer = json.loads(world.must("dataset", "show", dataset, "--json"))
    return [dict(zip(answer["columns"], row["cells"])) for row in answer["rows"]]


def fiware():
    """Its price and its offering, as they were sent; each call gives new ones."""
    if not FIWARE.is_dir():
        raise tap.Skip(f"{FIWARE} isn't there")
    bodies = [json.loads(next(FIWARE.glob(f"{number}_*.json")).read_text(encoding="utf-8"))["body"] for number in ("01", "02")]
    return bodies[0], bodies[1]


def fiware_requests_are_taken_alone(world):
    price, offering = fiware()
    rows, remarks = bring(world, offering)
    assert rows == {"offerings": 1, "charges": 0, "tiers": 0}, rows
    assert "prices that the file doesn't have (1; the first: PRICE_ID_PLACEHOLDER of offering Test Offering)" in remarks, remarks
    assert "productSpecification" in remarks, remarks
    assert shown(world, "offerings")[0]["name"] == "Test Offering"
    refused = world.call("import", "catalogue", write(world, price))
    assert refused.returncode == 1 and "prices alone have nothing to be prices of" in refused.stderr, refused
    assert shown(world, "offerings")[0]["name"] == "Test Offering"


def fiware_requests_are_taken_in_an_array_and_in_a_bundle(world):
    price, offering = fiware()
    price["id"] = offering["productOfferingPrice"][0]["id"]  # as a server gives it
    for document in ([price, offering], [offering, price], {"productOffering": [offering], "productOfferingPrice": [price]},
                     {"productOfferingPrice": [price], "productOffering": [offering]}):
        rows, remarks = bring(world, document)
        assert rows == {"offerings": 1, "charges": 1, "tiers": 0}, (document, rows, remarks)
        assert "doesn't have" not in remarks and "no offering refers" not in remarks, remarks
        charge = shown(world, "charges")[0]
        assert (charge["type"], charge["period"], charge["currency"], charge["price"]) == ("recurring", "month", "EUR", "10"), charge


def decimals_stay_as_they_were_written(world):
    offering = ('{"id": "a", "name": "A", "productOfferingPrice": [{"id": "p", "name": "P", "priceType": "oneTime", '
                '"price": {"unit": "EUR", "value": %s}}]}')
    for written, kept in (("10.0", "10"), ("0.1", "0.1"), ("0.30000000000000004", None), ("1234567890.123456", "1234567890.123456"),
                          ("1e3", "1000"), ("9007199254.740993", "9007199254.740993"), ("219.90", "219.9")):
        if kept is None:
            done = world.call("import", "catalogue", write(world, offering % written))
            assert done.returncode == 1 and "catalogue.json:1:" in done.stderr and "value" in done.stderr, done
            continue
        bring(world, offering % written)
        assert shown(world, "charges")[0]["price"] == kept, (written, shown(world, "charges"))


def peak(world):
    """KiB that the daemon had at most."""
    status = pathlib.Path(f"/proc/{world.served.started[-1].pid}/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM:")).split()[1])


def write_large(path):
    """Offerings with one price each, and with much that has no place here. How many."""
    count = 0
    size = 2
    filler = "Further text that no dataset has a place for. " * 40
    with open(path, "w", encoding="utf-8") as file:
        file.write("[")
        while size < LARGE:
            text = json.dumps({
                "id": f"offering-{count:06}", "name": f"Offering {count}", "lifecycleStatus": "Active", "description": filler,
                "productOfferingPrice": [{"id": f"price-{count:06}", "name": "Rental", "priceType": "recurring",
                                          "recurringChargePeriodType": "month", "price": {"unit": "EUR", "value": count / 100}}],
            })
            size += file.write(("," if count else "") + text)
            count += 1
        file.write("]")
    return count


def a_large_catalogue_is_read_as_it_comes(world):
    path = world.folder / "large.json"
    count = write_large(path)
    before = peak(world)
    answer = json.loads(world.must("import", "catalogue", str(path), "--dry-run", "--json"))
    grown = peak(world) - before
    print(f"# {count} offerings, {path.stat().st_size >> 20} MiB: {grown >> 10} MiB more")
    assert {each["rows"] for each in answer["datasets"]} == {count, 0}, answer["datasets"]
    assert grown < GROWTH, grown
    path.unlink()


CASES = [
    fiware_requests_are_taken_alone,
    fiware_requests_are_taken_in_an_array_and_in_a_bundle,
    decimals_stay_as_they_were_written,
    a_large_catalogue_is_read_as_it_comes,
]


if __name__ == "__main__":
    with World(*sys.argv[1:]) as served:
        sys.exit(tap.run("catalogue", CASES, served))
