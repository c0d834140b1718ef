#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""dealctl backup, restore and config, as an administrator calls them.

usage: test-administration.py DEALCTL DAEMON PLUGINS SOURCE
"""
import json
import os
import pty
import resource
import select
import signal
import stat
import subprocess
import sys
import time

import tap
from world import PATIENCE, World


def head(world):
    return json.loads(world.must("status", "--json"))["store"]["head"]


def copy(world, name):
    """A backup's file."""
    path = world.folder / name
    world.must("backup", str(path))
    return path


def open_deal(world):
    """Its id."""
    return json.loads(world.must("open", "--as", "anna", "--from", world.sample("request-linden.json"), "--json"))["deal"]


# --- backup ---

def backup_writes_a_file_that_only_its_owner_reads(world):
    document = json.loads(world.must("backup", str(world.folder / "own"), "--json"))
    status = os.stat(world.folder / "own")
    assert stat.S_IMODE(status.st_mode) == 0o600, oct(status.st_mode)
    assert status.st_size == document["bytes"]
    assert document["head"] == head(world)
    assert not (world.folder / "own.partial").exists()
    world.must("verify", "--head", document["head"])
    open_deal(world)
    world.must("verify", "--head", document["head"])
    unknown = world.call("verify", "--head", "0" * 64)
    assert unknown.returncode == 8, unknown


def what_can_not_be_written_or_found_is_named_as_it_was_given(world):
    for path, status, said in (("/nonexistent/x.db", 1, "/nonexistent/x.db: "), ("/", 1, "/ is a directory")):
        refused = world.call("backup", path, "--force")
        assert refused.returncode == status and refused.stderr.startswith(f"dealctl: {said}"), refused
    refused = world.call("restore", str(world.folder / "nofile.db"))
    assert refused.returncode == 4 and "nofile.db" in refused.stderr, refused


def backup_replaces_a_file_only_when_it_is_forced(world):
    path = world.folder / "taken"
    path.write_text("mine", encoding="utf-8")
    refused = world.call("backup", str(path))
    assert refused.returncode == 1 and "is there already" in refused.stderr, refused
    assert path.read_text(encoding="utf-8") == "mine"
    world.must("backup", str(path), "--force")
    assert path.read_bytes().startswith(b"SQLite format 3")


def backup_writes_over_what_an_earlier_run_left_and_not_through_a_link(world):
    (world.folder / "late.partial").write_text("half", encoding="utf-8")
    copy(world, "late")
    other = world.folder / "other"
    other.write_text("mine", encoding="utf-8")
    (world.folder / "linked.partial").symlink_to(other)
    refused = world.call("backup", str(world.folder / "linked"))
    assert refused.returncode != 0, refused
    assert other.read_text(encoding="utf-8") == "mine"


def a_disk_without_room_for_the_copy_leaves_nothing(world):
    def small():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))

    path = world.folder / "large"
    done = subprocess.run(
        [world.dealctl, "backup", str(path)], env=world.environment(), stdin=subprocess.DEVNULL, capture_output=True,
        text=True, timeout=PATIENCE, preexec_fn=small, check=False,  # pylint: disable=subprocess-popen-preexec-fn
    )
    assert done.returncode != 0 and "large.partial" in done.stderr, done
    assert not list(world.folder.glob("large*"))


# --- restore ---

def restore_needs_yes_where_nobody_can_be_asked(world):
    path = copy(world, "unasked")
    open_deal(world)
    before = head(world)
    refused = world.call("restore", str(path))
    assert refused.returncode == 2 and "--yes" in refused.stderr, refused
    told = json.loads(world.must("restore", str(path), "--dry-run", "--json"))
    assert told["lost"]["deals"] == 1 and told["lost"]["sameStore"] and told["lost"]["head"] == before, told
    assert head(world) == before
    done = json.loads(world.must("restore", str(path), "--yes", "--json"))
    assert head(world) == done["head"] != before
    assert os.path.exists(done["kept"])


def answer(world, text, *words, **environment):
    """What dealctl says on a terminal when it is answered so, and its exit status."""
    primary, terminal = pty.openpty()
    with subprocess.Popen(
        [world.dealctl, *words], env=world.environment(**environment), stdin=terminal, stdout=subprocess.PIPE, stderr=terminal
    ) as process:
        os.close(terminal)
        said = b""
        end = time.monotonic() + PATIENCE
        while b"/N]" not in said:
            assert time.monotonic() < end, said
            if select.select([primary], [], [], 1)[0]:
                said += os.read(primary, 4096)
        os.write(primary, text)
        process.stdout.read()
        status = process.wait(timeout=PATIENCE)
    os.close(primary)
    return said.decode(), status


def restore_asks_on_a_terminal(world):
    path = copy(world, "asked")
    open_deal(world)
    before = head(world)
    for no in (b"n\n", b"No\n", b"\n", b"yoghurt\nno\n"):
        said, status = answer(world, no, "restore", str(path))
        assert "deal" in said and status == 1, (no, said, status)
        assert head(world) == before
    said, status = answer(world, b"non\n", "restore", str(path), LANGUAGE="fr")
    assert status == 1 and head(world) == before, (said, status)
    for yes, language in ((b"y\n", None), (b"YES\n", None), (b"oui\n", "fr"), (b"yes\n", "fr"), (b"perhaps\ny\n", None)):
        before = head(world)
        said, status = answer(world, yes, "restore", str(path), LANGUAGE=language)
        assert status == 0, (said, status)
        assert head(world) != before


def ask_about(world, deal):
    world.must("ask", deal, "Why?", "--as", "anna")


def a_watch_says_that_an_older_store_came_and_goes_on(world):
    deal = open_deal(world)
    ask_about(world, deal)
    path = copy(world, "watched")
    ask_about(world, deal)
    with subprocess.Popen(
        [world.dealctl, "watch", deal, "--since", "1", "--json"], env=world.environment(), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:
        def read(stream):
            assert select.select([stream], [], [], PATIENCE)[0], "nothing comes"
            return stream.readline()

        versions = json.loads(read(process.stdout))["version"], json.loads(process.stdout.readline())["version"]
        assert versions == (2, 3), versions
        world.must("restore", str(path), "--yes")
        said = read(process.stderr)
        assert "older copy" in said, said
        ask_about(world, deal)
        assert json.loads(read(process.stdout))["version"] == 3
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=PATIENCE) == 0
        assert process.stderr.read() == ""


def a_copy_that_is_none_is_refused_with_the_status_of_damage(world):
    path = copy(world, "cut")
    os.truncate(path, 8192)
    before = head(world)
    refused = world.call("restore", str(path), "--yes")
    assert refused.returncode == 8 and refused.stderr.count("\n") == 1, refused
    assert head(world) == before


# --- exit statuses ---

def each_exit_status_is_what_the_manual_says(world):
    anna = ["--as", "anna"]
    far = str(world.folder / "nowhere" / "copy")
    deal = open_deal(world)
    statuses = [
        (0, ["status"]), (0, ["help"]),
        (1, ["sign", deal, *anna]), (1, ["backup", far]), (1, ["backup", str(world.folder)]),
        (1, ["open", "--from", far, *anna]), (1, ["import", "offerings", far]), (1, ["import", "offerings", str(world.folder)]),
        (1, ["config", "check", far]), (1, ["plugin", "new", "x", "--kind", "pricing", "--directory", far]),
        (1, ["propose", deal, "--file", far, *anna]),
        (2, []), (2, ["nothing"]), (2, ["show"]), (2, ["show", deal, "2"]), (2, ["show", "x"]), (2, ["list", "--nothing"]),
        (2, ["list", "--limit", "0"]), (2, ["list", "--limit", "x"]), (2, ["list", "--state", "open"]), (2, ["list", "--color", "red"]),
        (2, ["search", "x", "--limit", "100000"]), (2, ["log", deal, "--after", "-1"]), (2, ["show", deal, "--revision", "-1"]),
        (2, ["export", deal, "--format", "pdf"]), (2, ["open", "--from", world.sample("request-linden.json"), "--format", "pdf"]),
        (2, ["open", "--from", world.sample("request-linden.json"), "--expires", "soon"]),
        (2, ["propose", deal, "--discount", "10", *anna]), (2, ["propose", deal, "--discount", "x%", *anna]),
        (2, ["propose", deal, "--term", "0", *anna]), (2, ["propose", deal, "--valid-until", "soon", *anna]),
        (2, ["propose", deal, "--price", "001:rental=cheap", *anna]), (2, ["propose", deal, "--quantity", "001=0", *anna]),
        (2, ["propose", deal, "--occurred-at", "soon", *anna]), (2, ["extend", deal, "1", "soon", *anna]),
        (2, ["decline", deal, "1", "--customer-person", "J. Linden", "--channel", "fax", *anna]),
        (2, ["plugin", "new", "x", "--kind", "y"]), (2, ["plugin", "nothing"]), (2, ["config", "nothing"]),
        (2, ["watch", "--count", "0"]), (2, ["watch", deal, "--since", "99"]), (2, ["watch", "--since", "1"]),
        (2, ["restore", world.sample("offerings.csv")]), (3, ["withdraw", deal, "--deal", "--expected-version", "99", *anna]),
        (4, ["show", "99"]), (4, ["import", "nothing", world.sample("offerings.csv")]), (4, ["plugin", "info", "nothing"]),
        (4, ["restore", far]), (4, ["restore", far, "--yes"]), (4, ["propose", deal, "--discount", "zzz=5%", *anna]),
        (4, ["explain", deal, "zzz"]), (6, ["status", "--address", f"unix:path={far}"]),
        (8, ["verify", "--head", "0" * 64]),
    ]
    for status, words in statuses:
        done = world.call(*words) if words else world.call("--nothing")
        assert done.returncode == status, (status, words, done)
        assert status == 0 or done.stderr.count("\n") == 1, (words, done.stderr)


def a_discount_without_its_sign_is_told_of_it(world):
    refused = world.call("propose", open_deal(world), "--discount", "10", "--as", "anna")
    assert refused.returncode == 2 and "“10%”" in refused.stderr, refused


# --- config ---

def check(world, text):
    """The exit status and the findings about a configuration."""
    path = world.folder / "checked.conf"
    path.write_text(text, encoding="utf-8")
    done = world.call("config", "check", str(path), "--plugin-dir", world.plugins, "--json")
    return done.returncode, json.loads(done.stdout)["findings"]


def right(world):
    return f"[Provider]\nName=Sample\n[plugin handoff-spool]\ndirectory={world.folder}/spool\n"


def a_right_configuration_has_no_findings(world):
    status, findings = check(world, right(world))
    assert status == 0 and not findings, findings


def an_option_that_a_plugin_needs_is_no_fault_where_the_plugin_is_off(world):
    status, findings = check(world, "[Provider]\nName=Sample\n[Plugins]\nDisabled=handoff-spool\n")
    assert status == 0 and not findings, findings


def each_fault_of_a_configuration_is_found(world):
    faults = [
        ("[Provider]\nNames=Sample\n", ("Provider", "Names"), "Name"),
        ("[Provider]\n", ("Provider", "Name"), "legal name"),
        (right(world) + "[Storage]\n", ("Storage", None), "Store"),
        (right(world) + "[Provider]\nName=Other\n", ("Provider", None), "line 1"),
        (right(world) + "directory=/tmp\n", ("plugin handoff-spool", "directory"), "again in line 5"),
        (right(world) + "[Store]\nPath=deals.db\n", ("Store", "Path"), "absolute"),
        (right(world) + "[Store]\nPath=/tmp/deals.db\n", ("Store", "Path"), "written by others"),
        (right(world) + "[Pricing]\nInterest=101%\n", ("Pricing", "Interest"), "from 0% to 100%"),
        (right(world) + "[Pricing]\nInterest=6 percent\n", ("Pricing", "Interest"), "such as 6.5%"),
        (right(world) + "[Plugins]\nDirectories=/nowhere\n", ("Plugins", "Directories"), "/nowhere"),
        (right(world) + "[Plugins]\nDisabled=nobody\n", ("Plugins", "Disabled"), "nobody"),
        (right(world) + "[Plugins]\nInDaemon=nobody\n", ("Plugins", "InDaemon"), "nobody"),
        (right(world) + "[Plugins]\nIsolated=nobody\n", ("Plugins", "Isolated"), "nobody"),
        (right(world) + "[Plugins]\nNetwork=nobody\n", ("Plugins", "Network"), "nobody"),
        (right(world) + "[Plugins]\nNetwork=handoff-spool\n", (None, None), "Network=yes"),
        (right(world) + "[Handoff]\nPlugin=nobody\n", ("Handoff", "Plugin"), "nobody"),
        (right(world) + "[Handoff]\nPlugin=negotiation-timed\n", ("Handoff", "Plugin"), "kind handoff"),
        (right(world) + "[Plugins]\nDisabled=handoff-spool\n[Handoff]\nPlugin=handoff-spool\n", ("Handoff", "Plugin"),
         "Disabled"),
        (right(world) + "[plugin nobody]\na=b\n", ("plugin nobody", None), "no plugin nobody"),
        (right(world) + "[plugin negotiation-timed]\nunknown=1\n", ("plugin negotiation-timed", "unknown"), "no such option"),
        ("[Provider]\nName=Sample\n[plugin handoff-spool]\ndirectory=/nowhere\n", ("plugin handoff-spool", "directory"),
         "directory"),
        ("[Provider]\nName=Sample\n", ("plugin handoff-spool", "directory"), "handoff-spool needs it"),
        ("[Provider]\nName=Sample\n[plugin handoff-spool]\ndirectory=\n", ("plugin handoff-spool", "directory"),
         "handoff-spool needs it"),
        ("Name=Sample\n", (None, None), ""),
    ]
    for text, place, words in faults:
        status, findings = check(world, text)
        found = [finding for finding in findings if (finding.get("group"), finding.get("key")) == place]
        assert status == 1 and found and words in found[0]["message"], (text, findings)


def a_finding_names_its_line(world):
    lines = [
        (right(world) + "[Store]\n\n# a comment\nPath = deals.db\n", ("Store", "Path"), 8),
        (right(world) + "[Storage]\n", ("Storage", None), 5), (right(world) + "directory=/tmp\n", ("plugin handoff-spool", "directory"), 5),
        (right(world) + "[Provider]\nName=Other\n", ("Provider", None), 5), ("[Store]\n", ("Provider", "Name"), None),
    ]
    for text, place, line in lines:
        _, findings = check(world, text)
        found = [finding for finding in findings if (finding.get("group"), finding.get("key")) == place]
        assert found and found[0].get("line") == line, (text, findings)
    path = world.folder / "checked.conf"
    path.write_text(right(world) + "[Storage]\n", encoding="utf-8")
    assert f"{path}:5" in world.call("config", "check", str(path), "--plugin-dir", world.plugins).stdout


def a_folder_of_plugins_that_was_named_and_is_not_there_is_said(world):
    done = subprocess.run(
        [world.daemon, "--check-config", "--config", f"{world.folder}/dealdesk.conf", "--plugin-dir", "/nowhere",
         "--plugin-dir", world.plugins],
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )
    assert done.returncode == 1 and "--plugin-dir: /nowhere" in done.stdout and done.stdout.count("\n") == 1, done


def show_says_where_each_value_comes_from(world):
    document = json.loads(
        world.must("config", "show", f"{world.folder}/dealdesk.conf", "--plugin-dir", world.plugins, "--json")
    )
    values = {(value["group"], value["key"]): (value["value"], value["source"]) for value in document["values"]}
    assert values["Provider", "Name"] == ("Sample Networks AG", "file"), values
    assert values["Plugins", "Disabled"] == ("", "default"), values
    assert values["plugin handoff-spool", "directory"] == (f"{world.folder}/spool", "file"), values
    assert any(group == "plugin negotiation-timed" and source == "default"
               for (group, _), (_, source) in values.items()), values


CASES = [
    backup_writes_a_file_that_only_its_owner_reads,
    backup_replaces_a_file_only_when_it_is_forced, what_can_not_be_written_or_found_is_named_as_it_was_given,
    backup_writes_over_what_an_earlier_run_left_and_not_through_a_link,
    a_disk_without_room_for_the_copy_leaves_nothing,
    restore_needs_yes_where_nobody_can_be_asked,
    restore_asks_on_a_terminal,
    a_watch_says_that_an_older_store_came_and_goes_on,
    a_copy_that_is_none_is_refused_with_the_status_of_damage,
    each_exit_status_is_what_the_manual_says,
    a_discount_without_its_sign_is_told_of_it,
    a_right_configuration_has_no_findings,
    an_option_that_a_plugin_needs_is_no_fault_where_the_plugin_is_off,
    a_finding_names_its_line,
    each_fault_of_a_configuration_is_found,
    a_folder_of_plugins_that_was_named_and_is_not_there_is_said,
    show_says_where_each_value_comes_from,
]

if __name__ == "__main__":
    with World(*sys.argv[1:]) as shared:
        shared.import_samples()
        sys.exit(tap.run("administration", CASES, shared))
