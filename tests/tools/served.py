# SPDX-License-Identifier: LGPL-2.1-or-later
"""A private bus with a daemon on it, for tests that are given a daemon's program. Both end with end()."""
import subprocess
import time

PATIENCE = 30  # seconds that anything may take to come up; a test that waits that long fails


class Served:
    """`folder` is a pathlib.Path that is there; the bus's socket, bus.log and daemon.log lie in it. `environment` is the
    daemon's, without the bus."""

    def __init__(self, folder, environment):
        self.folder = folder
        self.address = f"unix:path={folder}/bus"
        self.environment = {**environment, "DBUS_SESSION_BUS_ADDRESS": self.address}
        self.started = []

    def start(self, daemon, arguments, serves):
        """`serves()` says whether the daemon answers. AssertionError, with all that was said, when it doesn't come to that."""
        try:
            self._run(["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address={self.address}"], "bus.log")
            self._wait((self.folder / "bus").exists, "the bus")
            self._run([str(daemon), "--session", *map(str, arguments)], "daemon.log")
            self._wait(serves, "the daemon")
        except BaseException:
            self.end()
            raise

    def end(self):
        """The daemon's exit status; None when none was started."""
        statuses = []
        for process in reversed(self.started):
            process.terminate()
            statuses.append(process.wait())
        self.started = []
        return statuses[0] if len(statuses) > 1 else None

    def log(self):
        return "".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))

    def _run(self, arguments, log):
        with open(self.folder / log, "wb") as output:
            self.started.append(
                subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=self.environment)
            )

    def _wait(self, is_there, what):
        end = time.monotonic() + PATIENCE
        while not is_there():
            if time.monotonic() > end or any(process.poll() is not None for process in self.started):
                raise AssertionError(f"{what} doesn't come up\n{self.log()}")
            time.sleep(0.05)
