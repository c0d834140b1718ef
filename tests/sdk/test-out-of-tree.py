#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""An author's way, with an installed dealdesk only: examples, `dealctl plugin new`, conformance, a daemon that calls
all of them. TAP.

usage: test-out-of-tree.py SOURCE BUILD
"""
import json
import os
import re
import shutil
import sys

from daemon import Daemon
from kit import KINDS, Failure, Kit, need

LINES = 60  # a pricing plugin has fewer


def id_of(folder):
    return next(folder.glob("*.plugin")).stem


# --- the kit ---

def pkg_config_follows_the_prefix(kit):
    need(kit.pkg_config("--cflags") == f"-I{kit.include}", kit.pkg_config("--cflags"))
    need(kit.pkg_config("--variable=plugindir") == str(kit.plugins), kit.pkg_config("--variable=plugindir"))
    need(kit.pkg_config("--variable=examplesdir") == str(kit.examples), kit.pkg_config("--variable=examplesdir"))
    need(kit.pkg_config("--variable=samplesdir") == str(kit.samples), kit.pkg_config("--variable=samplesdir"))
    need(kit.pkg_config("--variable=daemon") == str(kit.libexec / "dealdeskd"), kit.pkg_config("--variable=daemon"))
    need((kit.plugins / "pricing-catalogue.so").is_file(), f"no shipped plugin in {kit.plugins}")
    plain = kit.run("pkg-config", "--variable=plugindir", "dealdesk-plugin").strip()
    need(str(kit.stage) + plain == str(kit.plugins), f"as installed it would be {plain}")
    rooted = kit.run("pkg-config", "--cflags", "dealdesk-plugin", PKG_CONFIG_SYSROOT_DIR=str(kit.stage)).strip()
    need(rooted == f"-I{kit.include}", f"in a system root it is {rooted}")


def headers_compile_by_themselves(kit):
    for name in ("dealdesk-plugin.h", "dealdesk-types.h"):
        for compiler, standard, suffix in (("cc", "c99", "c"), ("cc", "gnu17", "c"), ("clang", "c99", "c"),
                                           ("clang++", "c++11", "cc")):
            source = kit.work / f"header.{suffix}"
            source.write_text(f"#include <{name}>\n")
            kit.run(compiler, f"-std={standard}", "-pedantic", "-Wall", "-Wextra", "-Wshadow", "-Wconversion",
                    "-Werror", f"-I{kit.include}", "-fsyntax-only", source)


def manual_example_builds(kit):
    text = (kit.man / "man7" / "dealdesk-plugin.7").read_text()
    blocks = re.findall(r"\.Bd -literal -offset indent\n(.*?)\.Ed\n", text, re.DOTALL)
    folder = kit.work / "frequent"
    folder.mkdir()
    (folder / "frequent.plugin").write_text(next(block for block in blocks if block.startswith("[Plugin]")))
    (folder / "frequent.c").write_text(next(block for block in blocks if block.startswith("#include")))
    kit.run("cc", "-shared", "-fPIC", "-fvisibility=hidden", "-Wall", "-Werror", "-o", "frequent.so", "frequent.c",
            kit.pkg_config("--cflags"), folder=folder)
    kit.run("dealctl", "plugin", "test", "frequent.plugin", "--", "--runs", "20", folder=folder)


def tutorial_shows_the_examples(kit):
    text = (kit.doc / "TUTORIAL.md").read_text()
    code = "\n".join(path.read_text() for path in kit.examples.glob("*/*.c"))
    blocks = re.findall(r"```c\n(.*?)```", text, re.DOTALL)
    need(len(blocks) >= 10, f"only {len(blocks)} pieces of code")
    for block in blocks:
        need(block in code, f"no example has this: {block}")
    key_file = (kit.examples / "pricing" / "regional-surcharge.plugin").read_text()
    shown = re.sub(r"^    ", "", text, flags=re.MULTILINE).replace("acme-surcharge", "regional-surcharge")
    need(key_file in shown, "the key file isn't as the example's")


def pricing_is_short(kit):
    count = len((kit.examples / "pricing" / "regional-surcharge.c").read_text().splitlines())
    need(count < LINES, f"it has {count} lines")


# --- examples and new plugins ---

def example_builds(kit, kind):
    folder = kit.copy_example(kind)
    kit.make(folder)
    read = kit.run("cc", "-M", kit.pkg_config("--cflags"), f"{id_of(folder)}.c", folder=folder)
    need(str(kit.include / "dealdesk-plugin.h") in read and str(kit.source) not in read, f"it was built with {read}")


def example_conforms(kit, kind):
    folder = kit.copy_example(kind)
    output = kit.make(folder, "check")
    need(not re.search("skip +runner", output), output)
    need(f"{id_of(folder)} conforms" in output, output)


def example_installs(kit, kind):
    folder = kit.copy_example(kind)
    kit.make(folder, "install")
    for suffix in (".so", ".plugin"):
        path = kit.plugins / (id_of(folder) + suffix)
        need(path.is_file() and path.stat().st_mode & 0o777 == 0o644, f"{path} isn't there, or others may write it")


def new_is_the_example(kit, kind):
    """The same files under another id, and the right words."""
    name = f"acme-{kind}"
    output = kit.run("dealctl", "plugin", "new", name, "--kind", kind)
    need("make check" in output and name in output, output)
    made, example = kit.work / name, kit.examples / kind
    old = id_of(example)
    expected = {path.name.replace(old, name): path.read_text().replace(old, name) for path in example.iterdir()}
    found = {path.name: path.read_text() for path in made.iterdir()}
    need(found == expected, f"{sorted(found)} aren't {sorted(expected)}, or differ")
    need(made.stat().st_mode & 0o777 == 0o755, f"its rights are {made.stat().st_mode:o}")


def new_conforms(kit, kind):
    folder = kit.work / f"acme-{kind}"
    kit.make(folder)
    kit.make(folder, "install")
    output = kit.make(folder, "check", f"CHECK={kit.check} --runs 20")
    need(f"acme-{kind} conforms" in output, output)


def new_leaves_nothing_half_made(kit):
    place = kit.folder / "elsewhere"
    place.mkdir()
    (place / "taken").mkdir()
    (place / "linked").symlink_to("nowhere")
    refusals = [
        (["Acme", "--kind", "pricing"], 2, "can't be"), (["a/b", "--kind", "pricing"], 2, "can't be"),
        (["..", "--kind", "pricing"], 2, "can't be"), (["a" * 65, "--kind", "pricing"], 2, "64"),
        (["acme", "--kind", "colour"], 2, "pricing, approval"), (["acme", "--kind", ".."], 2, "pricing, approval"),
        (["acme"], 2, "--kind"), (["--kind", "pricing"], 2, "NAME"),
        (["taken", "--kind", "pricing"], 1, "there already"), (["linked", "--kind", "pricing"], 1, "there already"),
    ]
    for words, status, said in refusals:
        output = kit.run("dealctl", "plugin", "new", *words, "--directory", place, expect=status)
        need(re.search(said, output) and output.count("\n") == 1, f"{words}: {output}")
    output = kit.run("dealctl", "plugin", "new", "acme", "--kind", "pricing", "--directory", place / "not", expect=1)
    need(str(place / "not") in output, output)
    need(sorted(os.listdir(place)) == ["linked", "taken"], f"it left {os.listdir(place)}")
    need(os.listdir(place / "taken") == [], "it wrote into a folder that was there")


def new_says_what_it_made_as_json(kit):
    said = json.loads(kit.run("dealctl", "plugin", "new", "told", "--kind", "handoff", "--json"))
    need(said["plugin"] == "told" and said["kind"] == "handoff" and said["directory"] == "told", str(said))
    need(sorted(said["files"]) == sorted(os.listdir(kit.work / "told")), str(said))


def test_passes_the_status_on(kit):
    bad = kit.work / "bad"
    bad.mkdir()
    (bad / "bad.c").write_text("int nothing;\n")
    (bad / "bad.plugin").write_text("[Plugin]\nId=bad\nModule=bad.so\nAbi=1\nKinds=approval\n")
    kit.run("cc", "-shared", "-fPIC", "-o", "bad.so", "bad.c", folder=bad)
    output = kit.run("dealctl", "plugin", "test", "bad.plugin", folder=bad, expect=1)
    need("dealdesk_plugin" in output, output)
    output = kit.run("dealctl", "plugin", "test", "bad.plugin", "--dataset", "a=b", folder=bad, expect=2)
    need("put --" in output and "--dataset" in output, output)
    kit.run("dealctl", "plugin", "test", "bad.plugin", "--", "--no-such-option", folder=bad, expect=2)
    json.loads(kit.run("dealctl", "plugin", "test", "bad.plugin", "--json", folder=bad, expect=1))
    alone = kit.folder / "alone"
    alone.mkdir()
    shutil.copy(kit.bin / "dealctl", alone)
    output = kit.run(alone / "dealctl", "plugin", "test", "bad.plugin", folder=bad, expect=1)
    need("dealdesk-plugin-check" in output, output)


# --- a daemon that calls them ---

def daemon_calls_them_all(kit):
    with Daemon(kit) as daemon:
        daemon.has_enabled([id_of(kit.examples / kind) for kind in KINDS]
                           + [f"acme-{kind}" for kind in KINDS if kind != "handoff"])
        daemon.has_passed_over(["acme-handoff", "handoff-spool"])
        daemon.import_samples(kit.samples)
        daemon.ctl("import", "regions", kit.examples / "pricing" / "regions.csv")
        deal = daemon.open_deal()
        steps = daemon.steps(deal, "1")
        # two plugins of two ids, one dataset: Austria 5% each, one after the other
        surcharges = [step for step in steps if step["stage"] == "location" and step["source"].startswith("regions")]
        need([step["label"] for step in surcharges] == ["Alpine routes"] * 2, str(steps))
        before = next(step["after"] for step in reversed(steps) if step["stage"] == "base")
        need((before, surcharges[-1]["after"]) == ("EUR 420.00", "EUR 463.05"), f"{before}, then {surcharges}")
        need(not any(step["stage"] == "location" for step in daemon.steps(deal, "2")), "Germany has no surcharge")
        daemon.negotiate(deal)
        lines = (kit.work / "journals" / f"{deal}.orders").read_text().splitlines()
        need(len(lines) == 1 and json.loads(lines[0].partition("\t")[2]), str(lines))


def cases(kit):
    yield "pkg-config-follows-the-prefix", pkg_config_follows_the_prefix
    yield "headers-compile-by-themselves", headers_compile_by_themselves
    yield "pricing-plugin-is-under-60-lines", pricing_is_short
    yield "tutorial-shows-the-examples", tutorial_shows_the_examples
    yield "manual-example-builds-and-conforms", manual_example_builds
    yield "new-leaves-nothing-half-made", new_leaves_nothing_half_made
    yield "new-says-what-it-made-as-json", new_says_what_it_made_as_json
    yield "test-passes-the-status-on", test_passes_the_status_on
    for kind in KINDS:
        for name, case in (
            ("builds", example_builds), ("conforms", example_conforms), ("installs", example_installs),
        ):
            yield f"example/{kind}/{name}", lambda kit, case=case, kind=kind: case(kit, kind)
        for name, case in (("is-the-example-under-another-id", new_is_the_example), ("conforms", new_conforms)):
            yield f"new/{kind}/{name}", lambda kit, case=case, kind=kind: case(kit, kind)
    yield "daemon-calls-them-all", daemon_calls_them_all


def attempt(case, kit):
    try:
        case(kit)
    except Failure as failure:
        return str(failure)
    return None


def main():
    kit = Kit(*sys.argv[1:3])
    plan = list(cases(kit))
    print(f"1..{len(plan)}")
    failed = 0
    for number, (name, case) in enumerate(plan, 1):
        problem = attempt(case, kit)
        if problem:
            print("\n".join(f"# {line}" for line in problem.split("\n")))
        failed += problem is not None
        print(f"{'not ok' if problem else 'ok'} {number} /sdk/{name}", flush=True)
    kit.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
