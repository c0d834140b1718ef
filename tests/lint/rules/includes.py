# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which folder may include which headers (HACKING.md). The build refuses most shortcuts by its include directories;
this also refuses `../`, headers found only because they lie beside the includer, and libraries out of place."""
import re

from tree import Control, Rule

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+(["<])([^">]+)[">]', re.MULTILINE)

# What a plugin, and the SDK itself, may take from the system: C and POSIX.
LIBC = re.compile(
    r"(assert|ctype|dirent|errno|fcntl|inttypes|limits|locale|poll|pthread|signal|stdalign|stdarg|stdatomic|stdbool|"
    r"stddef|stdint|stdio|stdlib|stdnoreturn|string|strings|time|unistd|sys/(file|mman|random|resource|stat|time|types|"
    r"uio|wait))\.h$"
)

NOT_IN = {
    "clock and I/O": r"(time|unistd|fcntl|stdio|dirent|poll|signal|pthread|dlfcn|spawn)\.h$|sys/|glib/gstdio\.h$",
    "bus": r"(gio/|glib-unix|systemd/|dbus/)",
    "modules": r"(gmodule|dlfcn)\.h$",
    "SQL": r"sqlite3",
    "JSON library": r"(yajl/|json-c/|jansson)",
}

# Folder: (roots that quoted includes are found under, kinds of system header that it may not use). Longest first wins.
LAYERS = {
    # A hash table's seed against chosen keys: chance that no result shows.
    "daemon/core/text-hash.c": (["daemon/core"], ["bus", "modules", "SQL", "JSON library"]),
    "daemon/core/json/": (["daemon/core"], ["clock and I/O", "bus", "modules", "SQL"]),
    "daemon/core/": (["daemon/core"], ["clock and I/O", "bus", "modules", "SQL", "JSON library"]),
    "daemon/store/": (["daemon/store", "daemon/core"], ["bus", "modules", "JSON library"]),
    "daemon/host/": (["daemon/host", "daemon/core", "plugins/sdk"], ["bus", "SQL", "JSON library"]),
    "daemon/runner/": (["daemon/runner", "daemon/host", "daemon/core", "plugins/sdk"], ["bus", "SQL", "JSON library"]),
    "daemon/conformance/": (
        ["daemon/conformance", "daemon/host", "daemon/core", "plugins/sdk"], ["bus", "SQL", "JSON library"],
    ),
    "daemon/document/": (["daemon/document", "daemon/core"], ["bus", "modules", "SQL", "JSON library"]),
    "daemon/service/": (
        ["daemon/service", "daemon/core", "daemon/store", "daemon/host", "plugins/sdk", "dbus"],
        ["modules", "SQL", "JSON library"],
    ),
    "daemon/": (
        ["daemon", "daemon/service", "daemon/core", "daemon/store", "daemon/host", "dbus"],
        ["modules", "SQL", "JSON library"],
    ),
    "ctl/": (["ctl", "dbus", "daemon/core", "daemon/document"], ["modules", "SQL", "JSON library"]),
    "plugins/sdk/": (["plugins/sdk"], ["not C or POSIX"]),
    "plugins/": (["plugins/sdk", "plugins/common"], ["not C or POSIX"]),
}

# Beyond the roots, one header each, with the reason.
ALSO = {
    # A lookup is answered from a compiled dataset, which the store's header describes.
    "daemon/host/": {"dataset.h": "daemon/store"},
    # Rows for plugins are read from CSV, without a store.
    "daemon/conformance/": {"dataset.h": "daemon/store"},
}


def layer_of(path):
    return max((folder for folder in LAYERS if path.startswith(folder)), key=len, default=None)


def generated_in(tree, root):
    """Headers that the build makes for a root."""
    names = set()
    for path in tree.match(re.escape(root) + r"/(.*/)?meson\.build$"):
        names.update(re.findall(r"'([\w./-]+\.h)'", tree.text(path)))
    return names


def quoted_problem(tree, layer, path, header):
    roots = LAYERS[layer][0]
    if any(tree.has(f"{root}/{header}") for root in roots):
        return None
    also = ALSO.get(layer, {}).get(header)
    if also and tree.has(f"{also}/{header}"):
        return None
    if layer == "plugins/" and "/" not in header and tree.has(f"{path.rpartition('/')[0]}/{header}"):
        return None
    if any(header in generated_in(tree, root) for root in roots):
        return None
    return f'"{header}" isn\'t under {", ".join(roots)}, which is all that {layer} may include'


def system_problem(layer, header):
    for kind in LAYERS[layer][1]:
        if kind == "not C or POSIX":
            if not LIBC.match(header):
                return f"<{header}> in {layer}: a plugin includes dealdesk-plugin.h, C and POSIX only"
        elif re.match(NOT_IN[kind], header):
            return f"<{header}> in {layer}: no {kind} there"
    return None


def check(tree):
    findings = []
    for path in tree.sources():
        layer = layer_of(path)
        text = tree.text(path)
        for match in INCLUDE.finditer(text):
            quote, header = match.groups()
            if "../" in header:
                problem = f'"{header}": name it from its layer\'s root, without ../'
            elif layer is None:
                problem = None
            elif quote == '"':
                problem = quoted_problem(tree, layer, path, header)
            else:
                problem = system_problem(layer, header)
            if problem:
                findings.append(f"{path}:{text.count(chr(10), 0, match.start()) + 1}: {problem}")
    return findings


STORE_H = {"daemon/store/store.h": ""}

RULES = [
    Rule(
        "includes", check,
        controls=[
            Control("without ../", {"daemon/core/a.c": '#include "../core/a.h"\n', "daemon/core/a.h": ""}),
            Control("without ../", {"tests/unit/a.c": '#include "../a.h"\n'}),
            Control('"store.h"', {"daemon/core/deal/a.c": '#include "store.h"\n', **STORE_H}),
            Control('"store.h"', {"ctl/a.c": '#include "store.h"\n', **STORE_H}),
            Control('"store.h"', {"plugins/p/p.c": '#include "store.h"\n', **STORE_H}),
            Control('"money.h"', {"daemon/core/number/a.c": '#include "money.h"\n', "daemon/core/number/money.h": ""}),
            Control("no clock and I/O", {"daemon/core/a.c": "#include <time.h>\n"}),
            Control("no bus", {"daemon/store/a.c": "#include <gio/gio.h>\n"}),
            Control("no SQL", {"daemon/service/a.c": "#include <sqlite3.h>\n"}),
            Control("no JSON library", {"daemon/core/deal/a.c": "#include <yajl/yajl_gen.h>\n"}),
            Control("C and POSIX only", {"plugins/p/p.c": "#include <glib.h>\n"}),
        ],
        clean={
            "daemon/core/number/money.h": "", "daemon/core/deal/a.c": '#include "number/money.h"\n#include <glib.h>\n',
            "daemon/store/store.h": '#include "number/money.h"\n', "daemon/store/log.c": "#include <sqlite3.h>\n",
            "daemon/service/a.c": '#include "store.h"\n#include "xml.h"\n',
            "dbus/meson.build": "custom_target ('x', output: 'xml.h')\n",
            "plugins/sdk/dealdesk-plugin.h": "#include <stdint.h>\n",
            "plugins/p/p.c": '#include "dealdesk-plugin.h"\n#include <string.h>\n',
        },
    ),
]
