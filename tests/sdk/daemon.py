# SPDX-License-Identifier: LGPL-2.1-or-later
"""The installed daemon on a bus of its own, with the kit's plugins; its processes end with it."""
import json
import pathlib
import sys
import time

from kit import Failure, need

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tools"))
from served import Served  # noqa: E402, pylint: disable=wrong-import-position

REQUEST = {
    "externalId": "SDK-1",
    "relatedParty": [{"id": "linden-market", "name": "Linden Market Retail GmbH", "role": "customer"}],
    "quoteItem": [
        {
            "id": item, "action": "add", "quantity": 1,
            "productOffering": {"id": "epl-100"},
            "product": {"place": [{"id": site, "role": "installation", "@referredType": "GeographicSite"}]},
        }
        for item, site in (("1", "lm-027"), ("2", "lm-001"))
    ],
}

CONFIG = """[Provider]
Name=Sample Networks AG

[Handoff]
Plugin=order-journal

[plugin order-journal]
directory={journals}

[plugin acme-handoff]
directory={journals}
"""


class Daemon:
    def __init__(self, kit):
        self.kit = kit
        folder = kit.folder / "served"
        folder.mkdir()
        self.served = Served(folder, kit.environment())

    def __enter__(self):
        kit = self.kit
        state, journals = kit.folder / "state", kit.work / "journals"
        for folder in (state, journals):
            folder.mkdir(mode=0o700)
        config = kit.folder / "dealdesk.conf"
        config.write_text(CONFIG.format(journals=journals))
        self.served.start(
            kit.libexec / "dealdeskd", ["--state-dir", state, "--config", config, "--plugin-dir", kit.plugins], self._serves
        )
        return self

    def __exit__(self, kind, value, trace):
        status = self.served.end()
        if kind is Failure:
            raise Failure(f"{value}\nthe daemon said: {self.served.log()}") from value
        if kind is None:
            need(status == 0, f"the daemon ended with {status}: {self.served.log()}")

    def _serves(self):
        try:
            self.ctl("status")
        except Failure:
            return False
        return True

    def ctl(self, *words, expect=0):
        return self.kit.run("dealctl", *words, expect=expect, DBUS_SESSION_BUS_ADDRESS=self.served.address,
                            DEALDESK_BUS="session")

    def ask(self, *words):
        return json.loads(self.ctl(*words, "--json"))

    def has_enabled(self, ids):
        states = {row["id"]: (row["state"], row["reason"]) for row in self.ask("plugin", "list")["plugins"]}
        for name in ids:
            need(states.get(name, ("absent", ""))[0] == "enabled", f"{name} is {states.get(name)}")

    def has_passed_over(self, ids):
        """Sinks that aren't the selected one: not opened, and no warning that they aren't set up."""
        rows = {row["id"]: row for row in self.ask("plugin", "list")["plugins"]}
        for name in ids:
            need((rows[name]["state"], "another sink" in rows[name]["reason"]) == ("disabled", True), str(rows[name]))
            need(name not in self.served.log(), self.served.log())
        need(self.ctl("plugin", "enable", "acme-handoff") == "acme-handoff: enabled\n", "it isn't said in one line")
        self.has_enabled(["acme-handoff"])

    def import_samples(self, samples):
        for table in ("offerings", "customers", "sites", "aliases", "members", "authority", "charges", "tiers",
                      "costs"):
            self.ctl("import", table, samples / f"{table}.csv")

    def open_deal(self):
        path = self.kit.folder / "request.json"
        path.write_text(json.dumps(REQUEST))
        self.ctl("open", "--as", "anna", "--from", path)
        return self.ask("list", "--as", "anna")["deals"][0]["id"]

    def steps(self, deal, line):
        """Of the line's monthly rental."""
        sheet = self.ask("explain", deal, line, "--as", "anna")
        charges = sheet["lines"][0]["charges"]
        return next(charge["steps"] for charge in charges if charge["id"] == "rental")

    def negotiate(self, deal):
        """To a delivered order: a term that needs the legal department, advice on the way."""
        customer = ("--customer-person", "buyer", "--channel", "mail")
        self.ctl("propose", deal, "--as", "anna", "--term", "48", "--order", "1=1,2")
        waiting = self.ask("approvals", "--as", "greta")["steps"]
        measures = [(step["measure"], step["value"]) for step in waiting]
        # long-terms asks, and so does its copy under another id
        need(measures == [("commitment.months", "48")] * 2, str(waiting))
        decided = self.ask("approve", deal, "--step", "2", "--as", "greta")["decided"]
        need([step["step"] for step in decided] == [2], str(decided))
        # all that is hers: what was decided before isn't decided again
        decided = self.ask("approve", deal, "--as", "greta")["decided"]
        need([step["step"] for step in decided] == [1], str(decided))
        advice = self.ask("advise", deal, "--plugin", "meet-halfway", "--as", "anna")
        need(advice["action"] == "hold" and "waits" in advice["reason"], str(advice))
        self.ctl("accept", deal, "1", "--as", "anna", *customer)
        self.ctl("sign", deal, "--as", "anna", *customer)
        self.ctl("sign", deal, "--as", "dario")
        while True:
            orders = self.ask("orders", deal, "--as", "anna")["orders"]
            need(len(orders) == 1 and orders[0]["state"] in ("pending", "delivered"), str(orders))
            if orders[0]["state"] == "delivered":
                return
            time.sleep(0.1)
