# SPDX-License-Identifier: LGPL-2.1-or-later
"""An installed dealdesk in a folder of its own, and what an author of plugins has of it: nothing of the source tree."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

KINDS = ("pricing", "approval", "negotiation", "handoff")


class Failure(Exception):
    """What a case says when it isn't as it should be."""


def need(condition, message):
    if not condition:
        raise Failure(message)


class Kit:
    """`meson install` of a build into a temporary folder; work is an author's own folder."""

    def __init__(self, source, build):
        os.umask(0o022)
        self.source = pathlib.Path(source)
        self.build = pathlib.Path(build)
        self._folder = tempfile.TemporaryDirectory(prefix="dealdesk-sdk-")
        self.folder = pathlib.Path(self._folder.name).resolve()
        self.stage = self.folder / "stage"
        self.work = self.folder / "work"
        self.work.mkdir()
        done = subprocess.run(
            ["meson", "install", "--no-rebuild", "--quiet", "-C", str(build), "--destdir", str(self.stage)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )
        need(done.returncode == 0, done.stdout)
        options = json.loads(subprocess.check_output(["meson", "introspect", "--buildoptions", str(build)]))
        values = {option["name"]: option["value"] for option in options}
        self.prefix = values["prefix"]
        self.root = self.stage / self.prefix.lstrip("/")
        self.bin = self.root / values["bindir"]
        self.libexec = self.root / values["libexecdir"]
        # where it would be if the kit weren't in a folder of its own
        self.check = f"dealdesk-plugin-check --runner {self.libexec}/dealdesk-runner"
        self.pkgconfig = self.root / values["libdir"] / "pkgconfig"
        self.plugins = self.root / values["libdir"] / "dealdesk" / "plugins"
        self.include = self.root / values["includedir"] / "dealdesk"
        self.examples = self.root / values["datadir"] / "dealdesk" / "examples"
        self.samples = self.root / values["datadir"] / "dealdesk" / "samples"
        self.doc = self.root / values["datadir"] / "doc" / "dealdesk"
        self.man = self.root / values["mandir"]

    def close(self):
        self._folder.cleanup()

    def environment(self, **more):
        """An author's: of all .pc files only the installed ones, of all dealdesk programs too."""
        return {
            "PATH": f"{self.bin}:{os.environ['PATH']}", "HOME": str(self.folder), "LC_ALL": "C.UTF-8",
            "PKG_CONFIG_LIBDIR": str(self.pkgconfig), **more,
        }

    def run(self, *arguments, folder=None, expect=0, **more):
        """Its output; a Failure when it ends otherwise than expected (None: any way)."""
        done = subprocess.run(
            [str(argument) for argument in arguments], cwd=folder or self.work, env=self.environment(**more),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
            check=False,
        )
        need(expect is None or done.returncode == expect,
             f"{' '.join(map(str, arguments))} ended with {done.returncode}, not {expect}: {done.stdout}")
        return done.stdout

    def pkg_config(self, *arguments, **more):
        prefix = f"--define-variable=prefix={self.root}"
        return self.run("pkg-config", prefix, *arguments, "dealdesk-plugin", **more).strip()

    def make(self, folder, *arguments, expect=0):
        """make in an author's folder, against this kit; warnings are errors."""
        return self.run(
            "make", f"PKG_CONFIG=pkg-config --define-variable=prefix={self.root}",
            "CFLAGS=-O2 -g -Wall -Wextra -Werror", f"CHECK={self.check}", *arguments, folder=folder, expect=expect,
        )

    def copy_example(self, kind):
        """An author's own copy."""
        return pathlib.Path(shutil.copytree(self.examples / kind, self.work / f"example-{kind}", dirs_exist_ok=True))
