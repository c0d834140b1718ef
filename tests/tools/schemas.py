#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes data/schemas from dealctl's own tables.

usage: schemas.py DEALCTL FOLDER

One file a form of a verb's document: dealctl-VERB.json, or dealctl-VERB-FORM.json. Files of forms that are no more
are taken away.
"""
import pathlib
import subprocess
import sys


def forms(dealctl):
    """["list"], ["price", "lines"] …: what has a schema."""
    listed = subprocess.run([dealctl, "help", "--schema"], capture_output=True, text=True, check=True).stdout
    return [line.split() for line in listed.splitlines()]


def schema(dealctl, form):
    return subprocess.run([dealctl, "help", "--schema", *form], capture_output=True, text=True, check=True).stdout


def file_name(form):
    return f"dealctl-{'-'.join(form)}.json"


def main():
    dealctl, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    wanted = {file_name(form): schema(dealctl, form) for form in forms(dealctl)}
    for path in folder.glob("*.json"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
