#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What dealctl prints on terminals of several widths, in a pipe, in the C locale and in French.

usage: test-terminal.py DEALCTL DAEMON PLUGINS SOURCE [--update]

The output of a few calls is compared with tests/system/terminal/MODE.txt, times and digests made the same; --update
writes those files instead. The rules hold for more calls than that.
"""
import fcntl
import json
import os
import pathlib
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import time
import unicodedata

import tap
from world import CUSTOMER, PATIENCE, World

# Compared, in this order.
SHOWN = [
    ["list"], ["show", "1"], ["log", "1"], ["price", "1"], ["explain", "1", "001"],
    ["explain", "1", "001", "--bars"], ["explain", "1", "--why-not", "alteration-2"], ["approvals", "--all"],
    ["orders", "1"], ["search", "linden"], ["plugin", "list"], ["dataset", "list"], ["help", "counter"], ["help", "prices"],
    ["help", "exit-statuses"],
]
# Held against the rules only: too long, or different each time.
CHECKED = [
    ["show", "1", "--revision", "2"], ["diff", "1", "1", "2"], ["price", "1", "--lines"], ["status"],
    ["verify"], ["advise", "1"], ["help"], *([["help", topic] for topic in ("approvals", "states", "orders", "retries", "time")]),
]
WIDTHS = [50, 60, 80, 200]

# What tells a reader of French that the messages, the headings and the topics are theirs; compared.
SHOWN_IN_FRENCH = [["help"], ["help", "show"], ["list"], ["show", "1"], ["price", "1"], ["help", "states"]]
FRENCH = {"LC_ALL": "C.UTF-8", "LANGUAGE": "fr"}
# Answers with the same JSON when it is asked twice.
ANSWERS = [
    *[[*words, "--json"] for words in SHOWN + CHECKED if words[0] not in ("help", "advise")],
    ["export", "1", "--format", "proposal", "--json"], ["search", "Linden", "--json"], ["plugin", "why", "1", "--json"],
    ["extend", "1", "2", "2100-12-31", "--dry-run", "--key", "k", *CUSTOMER, "--json"], ["help", "--schema", "show"],
]

DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
TIME = re.compile(r"\b\d\d:\d\d:\d\dZ")
DIGEST = re.compile(r"\b(?=[0-9a-f]*[0-9])([0-9a-f]{64}|[0-9a-f]{12})\b")
ESCAPE = re.compile(r"\033\[[0-9;]*m")


def on_terminal(world, words, columns, rows=10000, **environment):
    """(output, exit status) of dealctl on a terminal."""
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    attributes = termios.tcgetattr(child)
    attributes[1] &= ~termios.OPOST
    termios.tcsetattr(child, termios.TCSANOW, attributes)
    process = subprocess.Popen(
        [world.dealctl, *words], stdin=subprocess.DEVNULL, stdout=child, stderr=child, env=world.environment(**environment)
    )
    os.close(child)
    output = b""
    while True:
        try:
            piece = os.read(parent, 65536)
        except OSError:
            break
        if not piece:
            break
        output += piece
    os.close(parent)
    return output.decode("utf-8", errors="surrogateescape"), process.wait()


def same_each_time(text):
    text = TIME.sub("00:00:00Z", DAY.sub("2026-01-01", text))
    return DIGEST.sub(lambda found: ("0123456789ab" * 6)[: len(found.group())], text)


def width(line):
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in ESCAPE.sub("", line)
    )


def is_one_piece(line):
    """A value that has no space in it: it isn't broken, so that it can be selected as a whole."""
    return len(line.split()) == 1


def all_shown(shown, print_one):
    return "".join(f"$ dealctl {' '.join(words)}\n{same_each_time(print_one(words))}\n" for words in shown)


def compare(world, mode, print_one, of=SHOWN):
    path = pathlib.Path(__file__).parent / "terminal" / f"{mode}.txt"
    shown = all_shown(of, print_one).replace("\033", "<ESC>")
    if world.update:
        path.write_text(shown, encoding="utf-8")
        return
    wanted = path.read_text(encoding="utf-8")
    for number, (line, right) in enumerate(zip(shown.splitlines(), wanted.splitlines()), 1):
        assert line == right, f"{path.name}:{number}: wanted, then found:\n{right}\n{line}"
    assert shown == wanted, f"{path.name}: {len(shown)} characters, not {len(wanted)}"


def plainly_at(world, columns):
    def print_one(words):
        text, status = on_terminal(world, words, columns, NO_COLOR="1")
        assert status == 0, text
        return text

    return print_one


def sixty_columns_look_as_they_did(world):
    compare(world, "60", plainly_at(world, 60))


def eighty_columns_look_as_they_did(world):
    compare(world, "80", lambda words: on_terminal(world, words, 80)[0])


def two_hundred_columns_look_as_they_did(world):
    compare(world, "200", plainly_at(world, 200))


def a_pipe_looks_as_it_did(world):
    compare(world, "piped", lambda words: world.must(*words))


def the_c_locale_looks_as_it_did(world):
    compare(world, "c", lambda words: on_terminal(world, words, 80, LC_ALL="C", NO_COLOR="1")[0])


def french_looks_as_it_did(world):
    compare(world, "fr", lambda words: on_terminal(world, words, 80, NO_COLOR="1", **FRENCH)[0], SHOWN_IN_FRENCH)


def no_line_is_wider_than_the_terminal(world):
    for language in ({}, FRENCH):
        for columns in WIDTHS:
            for words in SHOWN + CHECKED:
                text, _ = on_terminal(world, words, columns, **language)
                for line in text.splitlines():
                    assert width(line) <= columns or is_one_piece(line), f"{words} at {columns} columns: {line}"


def no_amount_is_broken(world):
    for columns in WIDTHS:
        for words in SHOWN + CHECKED:
            text, _ = on_terminal(world, words, columns, NO_COLOR="1")
            for line in text.splitlines():
                assert line.strip().startswith("Currency:") or not re.search(r"\bEUR$", line), f"{words} at {columns} columns: {line}"


def a_table_without_room_leaves_columns_out_and_stays_one(world):
    """The first heading of each begins a line that has another heading, and no line is a record's."""
    tables = {
        "list": ("Deal", "Title"), "plugin list": ("Plugin", "Reason|State"), "show 1": ("Revision", "Total"),
        "log 1": ("Version", "What"), "approvals --all": ("Deal", "Title"), "search linden": ("Deal", "Where"),
        "dataset list": ("Dataset", "Columns"),
    }
    for words, (first, other) in tables.items():
        for columns in (80, 200):
            lines = on_terminal(world, words.split(), columns, NO_COLOR="1")[0].splitlines()
            heads = [line for line in lines if line.startswith(first + "  ") and re.search(other, line)]
            assert len(heads) == 1, f"{words} at {columns} columns: {lines}"
    assert "Version" in on_terminal(world, ["list"], 200)[0] and "Version" not in on_terminal(world, ["list"], 80)[0]
    assert on_terminal(world, ["list"], 50, NO_COLOR="1")[0].startswith("Deal:"), "records, where it is narrower still"


def records_and_wide_tables_lose_no_word_of_the_pipe(world):
    """Times, amounts and words may stand elsewhere, but they are all there."""
    for words in (["list"], ["show", "1"], ["log", "1"], ["approvals", "--all"]):
        piped = sorted(set(same_each_time(world.must(*words)).replace(":", "").split()))
        for columns in (40, 250):
            text = same_each_time(on_terminal(world, words, columns, NO_COLOR="1")[0]).replace(":", "")
            lost = [word for word in piped if word not in text.split() and "/" not in word]
            assert not lost, f"{words} at {columns} columns: {lost}"


def no_escape_reaches_a_pipe(world):
    for words in SHOWN + CHECKED:
        assert "\033" not in world.must(*words), words


def no_line_of_a_pipe_has_tabs_or_ends_in_spaces(world):
    for words in SHOWN + CHECKED:
        for line in world.must(*words).splitlines():
            assert "\t" not in line and line == line.rstrip(), f"{words}: {line!r}"


def the_c_locale_is_ascii(world):
    for words in SHOWN + CHECKED:
        for text in (world.call(*words, LC_ALL="C").stdout, on_terminal(world, words, 80, LC_ALL="C")[0]):
            assert text.isascii(), f"{words}: {[line for line in text.splitlines() if not line.isascii()]}"
    refused = world.call("show", "x", LC_ALL="C")
    assert refused.returncode == 2 and refused.stderr.isascii(), refused.stderr


def colours_come_only_when_they_are_wanted(world):
    def has_colour(*words, **environment):
        return "\033[" in on_terminal(world, ["show", "1", *words], 80, **environment)[0]

    assert has_colour()
    assert not has_colour(NO_COLOR="1")
    assert has_colour(NO_COLOR="")
    assert not has_colour(TERM="dumb")
    assert not has_colour("--color=never")
    assert has_colour("--color", "always", NO_COLOR="1")
    assert "\033[" in world.must("show", "1", "--color=always")
    refused = world.call("show", "1", "--color=red")
    assert refused.returncode == 2 and "--color" in refused.stderr, refused.stderr


def without_colour_the_same_is_said(world):
    for words in SHOWN:
        coloured, _ = on_terminal(world, words, 80)
        plain, _ = on_terminal(world, words, 80, NO_COLOR="1")
        assert ESCAPE.sub("", coloured) == plain, words


def long_output_goes_through_the_pager(world):
    paged = {"DEALCTL_PAGER": "sed -e 's/^/pager: /'"}
    text, status = on_terminal(world, ["help"], 80, rows=10, **paged)
    assert status == 0 and text.startswith("pager: "), text[:200]
    text, _ = on_terminal(world, ["list"], 80, rows=24, **paged)
    assert "pager: " not in text, "short output needs none"
    text, _ = on_terminal(world, ["show", "1", "--no-pager"], 80, rows=10, **paged)
    assert "pager: " not in text, "--no-pager"
    text, _ = on_terminal(world, ["show", "1"], 80, rows=10, DEALCTL_PAGER=None, PAGER="sed -e 's/^/pager: /'")
    assert text.startswith("pager: "), "PAGER counts where DEALCTL_PAGER is unset"
    assert "pager: " not in world.call("help", **paged).stdout, "a pipe has no pager"


def a_pager_changes_no_exit_status(world):
    # "true" leaves at once, "exit 3" fails: what was asked was done all the same.
    for pager in ("true", "exit 3", "head -n 1"):
        _, status = on_terminal(world, ["show", "1"], 80, rows=5, DEALCTL_PAGER=pager)
        assert status == 0, f"{pager}: {status}"
    folder = str(world.folder)  # is there, and can't be run
    for pager in ("no-such-pager", folder):
        text, status = on_terminal(world, ["show", "1"], 80, rows=5, DEALCTL_PAGER=f"{pager} 2>/dev/null")
        assert status == 0 and "Deal:" in text, "without the pager it is printed as it is"
        assert text.startswith("dealctl: the pager") and pager in text.splitlines()[0], text
    text, status = on_terminal(world, ["show", "99"], 80, rows=5, DEALCTL_PAGER=f"{folder} 2>/dev/null")
    assert status == 4, status
    text, status = on_terminal(world, ["show", "99"], 80, rows=5, DEALCTL_PAGER="cat >/dev/null")
    assert status == 4 and "dealctl: " in text, text


def times_name_their_zone(world):
    text = world.call("list", TZ="Asia/Kolkata").stdout
    assert re.search(r"\d\d:\d\d:\d\d\+05:30$", text, re.MULTILINE), text
    assert re.search(r"\d\d:\d\d:\d\dZ$", world.must("list"), re.MULTILINE)
    assert re.search(r'"updated":"\d{4}-\d\d-\d\dT[0-9:.]+Z"', world.call("list", "--json", TZ="Asia/Kolkata").stdout)


def messages_come_in_the_readers_language(world):
    assert world.call("list", "--state", "expired", **FRENCH).stdout == "Aucune affaire.\n"
    assert world.call("list", "--state", "expired", LC_ALL="C", LANGUAGE="fr").stdout == "No deals.\n", "C is English"
    refused = world.call("show", "x", **FRENCH)
    assert refused.returncode == 2, refused.returncode
    assert refused.stderr == "dealctl: « x » n'est pas une affaire ; la forme est D-1042\n", refused.stderr


def every_topic_is_there_in_french(world):
    topics = sorted(path.stem for path in (world.samples.parents[1] / "ctl" / "topics").glob("*.txt"))
    assert "states" in topics, topics
    for topic in topics:
        french = world.call("help", topic, **FRENCH).stdout
        assert french.strip() and french.splitlines()[0] != world.must("help", topic).splitlines()[0], topic


def json_is_the_same_in_every_language(world):
    for words in ANSWERS:
        english = world.must(*words)
        french = world.call(*words, **FRENCH)
        assert english.startswith("{") and french.stdout == english, f"{words}: {french.stdout[:300]}"
        assert french.returncode == 0, f"{words}: {french.stderr}"


def french_in_ascii_loses_accents_and_no_letter(world):
    """CHARSET is what GLib takes for the locale's, so that no French locale has to be installed."""
    for words in SHOWN_IN_FRENCH + CHECKED:
        plain = world.call(*words, CHARSET="US-ASCII", **FRENCH).stdout
        assert plain.isascii(), f"{words}: {[line for line in plain.splitlines() if not line.isascii()]}"
        assert plain.count("?") == world.call(*words, **FRENCH).stdout.count("?"), f"{words}: {plain}"


def columns_may_be_set(world):
    text, _ = on_terminal(world, ["list"], 200, COLUMNS="60")
    assert max(map(width, text.splitlines())) <= 60, text
    assert world.call("list", COLUMNS="60").stdout == world.must("list"), "a pipe has no width"


def a_reader_that_leaves_ends_it_quietly(world):
    """As of any program: a signal's end, and no word."""
    for words in (["list"], ["help"], ["show", "1", "--json"], ["export", "1", "--format", "proposal"]):
        read, write = os.pipe()
        os.close(read)
        process = subprocess.run(
            [world.dealctl, *words], env=world.environment(), stdin=subprocess.DEVNULL, stdout=write, stderr=subprocess.PIPE,
            timeout=60, check=False,
        )
        os.close(write)
        assert process.returncode == -signal.SIGPIPE and process.stderr == b"", (words, process)
    with open("/dev/full", "w", encoding="utf-8") as full:
        process = subprocess.run(
            [world.dealctl, "help"], env=world.environment(), stdin=subprocess.DEVNULL, stdout=full, stderr=subprocess.PIPE,
            timeout=60, check=False,
        )
    assert process.returncode == 1 and b"standard output" in process.stderr, process


def a_slip_suggests_what_was_meant(world):
    slips = [
        (["list", "--stat", "agreed"], 2, "--state?"), (["list", "--state", "agred"], 2, "did you mean agreed?"),
        (["plugin", "enabel", "x"], 2, "did you mean enable?"), (["config", "chek"], 2, "did you mean check?"),
        (["dataset", "lst"], 2, "dataset list"), (["plugin", "info", "pricing-catalog"], 4, "did you mean pricing-catalogue?"),
        (["plugin", "disable", "handof-spool"], 4, "did you mean handoff-spool?"),
        (["import", "offering", world.sample("offerings.csv")], 4, "did you mean offerings?"),
        (["import", "catalog", world.sample("catalogue.json")], 4, "did you mean catalogue?"),
        (["dataset", "show", "tier"], 4, "did you mean tiers?"), (["dataset", "diff", "tier", "1"], 4, "did you mean tiers?"),
        (["dataset", "show", "tiers", "--at", "9"], 4, "no version 9\n"), (["dataset", "show", "tiers", "--at", "0"], 2, "from 1"),
        (["advise", "1", "--plugin", "negotiation-time"], 4, "did you mean negotiation-timed?"),
        (["plugin", "test", "x", "--verbos"], 2, "put --"), (["list", "--nothing-like-it"], 2, "dealctl help list"),
        (["plugin", "new", "x", "--kind", "handof"], 2, "did you mean handoff?"),
        (["plugin", "disable", "nothere"], 4, "there are approval-authority, "), (["show", "11"], 4, "did you mean D-1?"),
        (["watch", "11"], 4, "did you mean D-1?"), (["list", "--customer", "linden"], 0, "did you mean linden-market?"),
        (["advise", "1", "--plugin", "nothere"], 4, "; there are negotiation-timed\n"),
    ]
    for words, status, suggested in slips:
        refused = world.call(*words)
        assert refused.returncode == status and suggested in refused.stderr, (words, refused)


def an_unknown_word_suggests_what_was_meant(world):
    for word, wanted in (("lst", "list"), ("prise", "price"), ("aproval", "approval"), ("discount", ""), ("stat", "stat"), ("nosuch", "no verb or topic")):
        refused = world.call("help", word)
        assert refused.returncode == 2 and wanted in refused.stderr, refused.stderr
    assert "states" not in world.call("statez").stderr, "a topic is no verb"


def what_can_not_be_right_is_refused_as_usage(world):
    wrong = [
        (["verify", "--head", "123"], "--head “123”: it should be 64 lower-case hexadecimal digits"),
        (["price", "1", "--order", "1="], "--order “1=”"), (["price", "1", "--order", "1@tomorrow=001"], "--order “1@tomorrow=001”"),
        (["price", "1", "--effective-from", "soon"], "--effective-from “soon”"), (["price", "1", "--map", "A=B"], "--map"),
        (["help", "--json"], "help has no option --json"), (["help", "show", "--json"], "help has no option --json"),
        (["list", "-1"], "list has no option -1; dealctl help list"), (["list", "--as"], "--as needs a value: --as=PERSON"),
        (["list", "--limit", "many"], "--limit “many”: it should be a whole number"),
        (["list", "--limit=99999999999"], "--limit “99999999999”: the number is too large"),
        (["plugin", "new", "pricing-catalogue", "--kind", "pricing"], "dealdesk's own"),
    ]
    for words, said in wrong:
        refused = world.call(*words)
        assert refused.returncode == 2 and refused.stderr.startswith(f"dealctl: {said}" if "own" not in said else "dealctl: ") \
            and said in refused.stderr, (words, refused)


def clauses_that_wait_complete(world):
    offered = world.must("complete", "--", "acknowledge", "d-1", "").splitlines()
    assert "liability" in offered and len(set(offered)) == len(offered), offered


def an_error_of_a_file_names_it_first(world):
    broken = world.folder / "broken.json"
    broken.write_text("{", encoding="utf-8")
    for words in (["open", "--from"], ["price", "1", "--file"], ["propose", "1", "--file"], ["propose", "1", "--terms"]):
        refused = world.call(*words, str(broken))
        assert refused.returncode == 1 and refused.stderr.startswith(f"dealctl: {broken}: line 1"), (words, refused)


def an_open_approval_says_so_at_eighty_columns(world):
    lines = on_terminal(world, ["show", "1"], 80, NO_COLOR="1")[0].splitlines()
    head = lines[lines.index("Open approvals") + 1]
    assert re.search(r"\bOpen\b", head) and lines[lines.index(head) + 1].endswith("yes"), head


def a_configuration_stays_a_table(world):
    folders = world.folder / "dealdesk-of-a-customer" / "with-a-folder" / "for-each-of-its-stores"
    path = world.folder / "long.conf"
    path.write_text(f"[Store]\nPath={folders}/store/dealdesk.db\n", encoding="utf-8")
    text, status = on_terminal(world, ["config", "show", str(path)], 80, NO_COLOR="1")
    assert status == 0 and re.search(r"^Group +Key +Value +From$", text, re.MULTILINE), text
    assert "Group:" not in text, text


def a_log_says_when_it_happened_only_where_that_differs(world):
    assert "Happened" not in world.must("log", "1")
    opened = json.loads(world.must("log", "1", "--json"))["events"][0]["time"]
    second = opened[:19].replace("T", " ")
    # Within the second of the opening nothing could be told apart.
    while time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime()) <= second:
        time.sleep(0.1)
    world.must("ask", "1", "Was it then?", "--occurred-at", opened, *CUSTOMER)
    later = world.must("log", "1", "--after", "9")
    assert "Happened" in later and f"{second}Z" in later and 'text="Was it then?"' in later, later


def a_watch_ends_when_its_reader_leaves(world):
    """Nothing moves meanwhile."""
    with subprocess.Popen(
        [world.dealctl, "watch", "1", "--since", "0"], env=world.environment(), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as watcher:
        assert watcher.stdout.readline().startswith("D-1 "), "the log's first event"
        watcher.stdout.close()
        try:
            assert watcher.wait(PATIENCE) == -signal.SIGPIPE, watcher.returncode
            assert watcher.stderr.read() == ""
        finally:
            watcher.kill()


CASES = [
    sixty_columns_look_as_they_did, eighty_columns_look_as_they_did, two_hundred_columns_look_as_they_did,
    a_pipe_looks_as_it_did, the_c_locale_looks_as_it_did, no_line_is_wider_than_the_terminal, no_amount_is_broken,
    a_table_without_room_leaves_columns_out_and_stays_one, records_and_wide_tables_lose_no_word_of_the_pipe, no_escape_reaches_a_pipe, no_line_of_a_pipe_has_tabs_or_ends_in_spaces,
    the_c_locale_is_ascii, colours_come_only_when_they_are_wanted, without_colour_the_same_is_said,
    long_output_goes_through_the_pager, a_pager_changes_no_exit_status, times_name_their_zone,
    messages_come_in_the_readers_language, every_topic_is_there_in_french, json_is_the_same_in_every_language,
    french_looks_as_it_did, french_in_ascii_loses_accents_and_no_letter, columns_may_be_set, a_reader_that_leaves_ends_it_quietly,
    what_can_not_be_right_is_refused_as_usage, an_error_of_a_file_names_it_first, clauses_that_wait_complete, an_open_approval_says_so_at_eighty_columns,
    a_configuration_stays_a_table, a_watch_ends_when_its_reader_leaves,
    a_slip_suggests_what_was_meant, an_unknown_word_suggests_what_was_meant,
    a_log_says_when_it_happened_only_where_that_differs,  # moves: last
]


def main():
    with World(*sys.argv[1:5]) as world:
        world.update = "--update" in sys.argv[5:]
        world.import_samples()
        world.negotiate()
        return tap.run("terminal", CASES, world)


if __name__ == "__main__":
    sys.exit(main())
