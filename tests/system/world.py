# SPDX-License-Identifier: LGPL-2.1-or-later
"""A private bus with a daemon and the sample data on it, and one negotiation on that: what tests of dealctl's output
look at. Everything lies in a temporary folder and ends with the `with` block."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tools"))
from served import PATIENCE, Served  # noqa: E402, pylint: disable=wrong-import-position

TABLES = ["offerings", "customers", "sites", "aliases", "members", "authority", "charges", "tiers", "costs"]
CUSTOMER = ["--as", "anna", "--customer-person", "J. Linden", "--channel", "mail"]
UNWANTED = ("COLUMNS", "LANG", "LC_", "NO_COLOR", "PAGER")


class World:
    """`dealctl` and `daemon` are programs, `plugins` the folder that the daemon loads."""

    def __init__(self, dealctl, daemon, plugins, source):
        self.dealctl = dealctl
        self.daemon = daemon
        self.plugins = plugins
        self.samples = pathlib.Path(source, "data", "samples")

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="dealdesk-"))
        self.served = Served(self.folder, dict(os.environ))
        self.address = self.served.address
        try:
            self._start()
        except BaseException:
            shutil.rmtree(self.folder)
            raise
        return self

    def __exit__(self, *_):
        self.served.end()
        shutil.rmtree(self.folder)

    def environment(self, **changes):
        """UTC, no language, no pager; None takes a variable away."""
        given = {"DEALDESK_BUS": self.address, "LC_ALL": "C.UTF-8", "TZ": "UTC", "TERM": "xterm", "DEALCTL_PAGER": "cat"}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(UNWANTED)}
        return {name: value for name, value in {**kept, **given, **changes}.items() if value is not None}

    def _start(self):
        (self.folder / "spool").mkdir()
        (self.folder / "state").mkdir()
        configuration = self.folder / "dealdesk.conf"
        configuration.write_text(
            f"[Provider]\nName=Sample Networks AG\n\n[plugin handoff-spool]\ndirectory={self.folder}/spool\n", encoding="utf-8"
        )
        self.served.start(
            self.daemon,
            ["--state-dir", self.folder / "state", "--config", configuration, "--plugin-dir", self.plugins],
            lambda: self.call("status").returncode == 0,
        )

    def call(self, *words, **environment):
        """dealctl with its output piped."""
        return subprocess.run(
            [self.dealctl, *words], env=self.environment(**environment), stdin=subprocess.DEVNULL, capture_output=True,
            text=True, encoding="utf-8", errors="surrogateescape", timeout=PATIENCE * 4, check=False,
        )

    def must(self, *words):
        done = self.call(*words)
        assert done.returncode == 0, f"dealctl {' '.join(words)}: {done.stderr}"
        return done.stdout

    def sample(self, name):
        return str(self.samples / name)

    def import_samples(self):
        for table in TABLES:
            self.must("import", table, self.sample(f"{table}.csv"))

    def negotiate(self):
        """One deal, D-1, up to the customer's counter-offer, which waits for approval."""
        self.must("open", "--as", "anna", "--from", self.sample("request-linden.json"))
        self.must("propose", "1", "--as", "anna", "--terms", self.sample("terms-standard.json"), "--term", "36", "--order",
                  "1=001..068", "--order", "2=rest", "--valid-until", "2099-12-31")
        self.must("ask", "1", "Does the cap cover lost sales at the tills?", "--clause", "liability", *CUSTOMER)
        self.must("answer", "1", "1", "Yes, up to the cap of the clause.", "--as", "anna")
        self.must("counter", "1", "1", "--discount", "18%", "--price", "001:rental=EUR 379.00", "--term", "48", *CUSTOMER)
        self.must("accept", "1", "2", "--as", "anna")
