# SPDX-License-Identifier: LGPL-2.1-or-later
"""The tree that rules look at, and what they answer with."""
import dataclasses
import os
import pathlib
import re

SKIPPED = {".git", "__pycache__", "subprojects"}


class Tree:
    """Files of a source tree by path relative to its top; build folders aren't in it."""

    def __init__(self, root, compile_commands=None):
        self.root = pathlib.Path(root)
        self.compile_commands = compile_commands
        self.paths = sorted(self._walk())

    def _walk(self):
        for folder, folders, names in os.walk(self.root):
            at_top = pathlib.Path(folder) == self.root
            folders[:] = [
                name for name in folders
                if name not in SKIPPED and not (at_top and (name == "build" or name.startswith("build-")))
            ]
            for name in names:
                path = pathlib.Path(folder, name)
                if path.is_file():
                    yield path.relative_to(self.root).as_posix()

    def match(self, pattern):
        """Paths that the regular expression matches from their beginning."""
        return [path for path in self.paths if re.match(pattern, path)]

    def sources(self):
        """C sources and headers."""
        return self.match(r".*\.[ch]$")

    def has(self, path):
        return (self.root / path).is_file()

    def text(self, path):
        return (self.root / path).read_text(encoding="utf-8")

    def absolute(self, path):
        return str(self.root / path)


@dataclasses.dataclass
class Rule:
    """check(tree) gives findings, "path:line: what, and what would be right". Each control is a small tree that must
    give a finding with `expect` in it; `clean` is one that must give none."""
    name: str
    check: object
    controls: list = dataclasses.field(default_factory=list)
    clean: dict = dataclasses.field(default_factory=dict)
    slow: bool = False


@dataclasses.dataclass
class Control:
    expect: str
    files: dict


TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)


def code_of(text):
    """C text with comments and the insides of literals blanked; lines keep their numbers."""
    def blank(match):
        token = match.group(0)
        if token[0] in "\"'":
            return token[0] * 2
        return "\n" * token.count("\n") or " "
    return TOKEN.sub(blank, text)


def find_in(path, text, pattern, message):
    """A finding for each line of text that the pattern is in."""
    compiled = re.compile(pattern)
    return [
        f"{path}:{number}: {message} ({match.group(0).strip()})"
        for number, line in enumerate(text.split("\n"), 1)
        for match in [compiled.search(line)] if match
    ]
