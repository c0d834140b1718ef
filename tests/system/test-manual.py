#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The examples of dealctl(1), and README's five minutes, as they are printed: each command does what it says.

usage: test-manual.py DEALCTL DAEMON PLUGINS SOURCE
"""
import json
import pathlib
import re
import subprocess
import sys

import tap
from world import PATIENCE, World

SOURCE = pathlib.Path(__file__).resolve().parents[2]
# On the system bus one is who one is; a session's daemon has to be told.
PERSONS = {"approvals": "carla", "approve": "carla", "sign": "dario"}
FEWEST = 15  # examples of each: a pattern that finds none would pass


def examples(text):
    """Commands after `$ ` in the literal displays of EXAMPLES, continued lines joined."""
    displays = re.findall(r"^\.Bd -literal.*?\n(.*?)^\.Ed$", text.partition(".Sh EXAMPLES\n")[2], re.MULTILINE | re.DOTALL)
    shell = "".join(displays).replace("\\e\n", "\\\n")
    return [command.replace("\\\n", " ") for command in re.findall(r"^\$ ((?:.*\\\n)*.*)$", shell, re.MULTILINE)]


def with_person(command):
    """Whoever calls on behalf of somebody says so; a customer's move is recorded by anna."""
    words = command.split()
    if "--as" in words or words[1] in ("config", "plugin", "backup", "restore", "search"):
        return command
    return f"{command} --as {'anna' if '--customer-person' in words else PERSONS.get(words[1], 'anna')}"


def run(world, folder, command):
    """In a shell that finds dealctl, as whoever reads the example would; (status, both outputs)."""
    path = f"{pathlib.Path(world.dealctl).parent}:/usr/bin:/bin"
    done = subprocess.run(
        ["sh", "-c", command], cwd=folder, env=world.environment(PATH=path, work=str(world.folder)), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=PATIENCE * 4, check=False,
    )
    return done.returncode, done.stdout


def play(world, folder, commands):
    assert len(commands) >= FEWEST, commands
    for command in commands:
        status, output = run(world, folder, command)
        assert status == 0, f"{command}: status {status}\n{output}"


def assert_signed(world, deal):
    """By both sides; whether the orders have arrived by now isn't asked."""
    shown = json.loads(world.must("show", deal, "--json"))
    assert [signature["side"] for signature in shown["signatures"]] == ["customer", "provider"], shown


def examples_of_dealctl_do_what_they_say(world):
    world.import_samples()
    folder = world.folder / "examples"
    folder.mkdir()
    (folder / "request.json").write_bytes((world.samples / "request-linden.json").read_bytes())
    (folder / "standard.json").write_bytes((world.samples / "terms-standard.json").read_bytes())
    here = {"/srv/copies": str(folder), "D-1042": "D-1",
            "/etc/dealdesk/dealdesk.conf": f"{world.folder}/dealdesk.conf --plugin-dir {world.plugins}"}
    commands = []
    for command in examples((SOURCE / "data" / "man" / "dealctl.1").read_text(encoding="utf-8")):
        for there, place in here.items():
            command = command.replace(there, place)
        commands.append(with_person(command))
    play(world, folder, commands)
    assert_signed(world, "1")


def five_minutes_of_readme_end_with_orders(world):
    """On the same daemon, so that its deal is the second."""
    text = (SOURCE / "README.md").read_text(encoding="utf-8").partition("## Five minutes\n")[2].partition("\n## ")[0]
    commands = re.findall(r"^    (dealctl .*|ls .*)$", text, re.MULTILINE)
    play(world, SOURCE, [re.sub(r"\bD-1\b", "D-2", command) for command in commands])
    assert_signed(world, "2")


def an_example_that_fails_is_found(world):
    """The control."""
    page = ".Sh EXAMPLES\n.Bd -literal -offset indent\n$ dealctl show D-7 \\e\n    --json\n$ true\n.Ed\n"
    commands = examples(page)
    assert len(commands) == 2 and commands[0].split() == ["dealctl", "show", "D-7", "--json"], commands
    status, output = run(world, world.folder, commands[0])
    assert status == 4, (status, output)


CASES = [examples_of_dealctl_do_what_they_say, five_minutes_of_readme_end_with_orders, an_example_that_fails_is_found]


def main():
    with World(*sys.argv[1:5]) as world:
        return tap.run("manual", CASES, world)


if __name__ == "__main__":
    sys.exit(main())
