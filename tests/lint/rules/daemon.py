# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the daemon's threads and layers promise, as far as a token can tell."""
import re

from tree import Control, Rule, code_of, find_in

CATALOGUE = "data/dealdesk.catalog"
MANUAL = "data/man/dealdeskd.8"
# A hash table's seed against chosen keys: chance that no result shows.
SEEDED = ("daemon/core/text-hash.c",)


def each(tree, pattern, but=()):
    return [(path, code_of(tree.text(path))) for path in tree.match(pattern) if path not in but]


def blocking(tree):
    """The main thread never blocks: no synchronous bus call, no nested main loop."""
    return [
        finding for path, code in each(tree, r"daemon/.*\.[ch]$", but=("daemon/main.c",))
        for finding in find_in(
            path, code, r"\b(g_\w+_sync|g_main_loop_run|g_main_context_iteration)\s*\(",
            "the daemon neither waits for the bus nor nests a main loop",
        )
    ]


def sql(tree):
    return [
        finding for path, code in each(tree, r"(daemon/(?!store/)|ctl/|plugins/).*\.[ch]$")
        for finding in find_in(path, code, r"\bsqlite3_\w+", "SQL lives in daemon/store only")
    ]


def clock(tree):
    """Core takes times as values: it can be replayed."""
    return [
        finding for path, code in each(tree, r"daemon/core/.*\.[ch]$", but=SEEDED)
        for finding in find_in(
            path, code,
            r"\b(g_get_(real|monotonic)_time|g_date_time_new_now\w*|clock_gettime|gettimeofday|time|g_random_\w+|"
            r"getrandom|g_uuid_string_random|g_getenv|g_file_(get|set)_contents)\s*\(",
            "core has no clock, chance, environment or files: take the value as a parameter",
        )
    ]


def floating(tree):
    """No binary fraction touches money."""
    return [
        finding for path, code in each(tree, r"(daemon/core/(?!strategy/)|daemon/store/|plugins/).*\.[ch]$")
        for finding in find_in(path, code, r"\b(double|float|strtod|g_ascii_strtod)\b", "numbers are scaled integers")
    ]


def keyed(tree):
    """Core's tables are keyed by what clients and plugins send."""
    return [
        finding for path, code in each(tree, r"daemon/core/.*\.[ch]$")
        for finding in find_in(
            path, code, r"\bg_str_hash\b", "whoever sends the keys can make them collide: use dd_text_hash()",
        )
    ]


def style(tree):
    return [
        finding for path, code in each(tree, r"(daemon|ctl|plugins)/.*\.[ch]$")
        for finding in find_in(path, code, r"\bgoto\b", "no goto: g_autoptr and early returns")
    ]


def message_ids(tree):
    """Every message id that the daemon logs is in the catalogue and in its manual, and the other way round."""
    if not tree.has(CATALOGUE):
        return [f"{CATALOGUE}:1: there is no catalogue"]
    places = (
        (CATALOGUE, set(re.findall(r"^-- ([0-9a-f]{32})$", tree.text(CATALOGUE), re.MULTILINE))),
        (MANUAL, set(re.findall(r"^\.It Li ([0-9a-f]{32})$", tree.text(MANUAL), re.MULTILINE))),
    )
    logged = {
        message: path for path in tree.match(r"daemon/.*\.[ch]$")
        for message in re.findall(r'#define\s+DD_MESSAGE_\w+\s+"([0-9a-f]{32})"', tree.text(path))
    }
    return [
        finding for place, explained in places for finding in
        [f"{logged[message]}:1: {message} isn't in {place}" for message in sorted(set(logged) - explained)]
        + [f"{place}:1: {message} is logged nowhere in daemon/" for message in sorted(explained - set(logged))]
    ]


MESSAGE = "0123456789abcdef0123456789abcdef"
LOGGED = {CATALOGUE: f"-- {MESSAGE}\n", MANUAL: f".It Li {MESSAGE}\n", "daemon/a.h": f'#define DD_MESSAGE_A "{MESSAGE}"\n'}

RULES = [
    Rule(
        "blocking", blocking,
        controls=[
            Control("a.c:1", {"daemon/service/a.c": "x = g_dbus_connection_call_sync (c);\n"}),
            Control("a.c:1", {"daemon/host/a.c": "g_main_loop_run (loop);\n"}),
        ],
        clean={
            "daemon/main.c": "g_main_loop_run (loop);\n",
            "daemon/store/a.c": '/* not g_x_sync () */\nsync_file ();\nlog ("g_bus_get_sync (");\n',
        },
    ),
    Rule(
        "sql", sql,
        controls=[Control("a.c:2", {"daemon/service/a.c": "\nsqlite3_step (s);\n"})],
        clean={"daemon/store/a.c": "sqlite3_step (s);\n"},
    ),
    Rule(
        "pure", clock,
        controls=[Control("a.c:1", {"daemon/core/deal/a.c": "t = g_get_real_time ();\n"})],
        clean={"daemon/core/deal/a.c": "dd_time_parse (text);\n"},
    ),
    Rule(
        "exact", floating,
        controls=[Control("a.c:1", {"plugins/p/a.c": "double price;\n"})],
        clean={"daemon/core/a.c": "gint64 price; /* no double */\n"},
    ),
    Rule(
        "keyed", keyed,
        controls=[Control("a.c:1", {"daemon/core/deal/a.c": "t = g_hash_table_new (g_str_hash, g_str_equal);\n"})],
        clean={"daemon/service/a.c": "t = g_hash_table_new (g_str_hash, g_str_equal);\n"},
    ),
    Rule("goto", style, controls=[Control("a.c:1", {"ctl/a.c": "goto out;\n"})]),
    Rule(
        "message-ids", message_ids,
        controls=[
            Control(f"isn't in {CATALOGUE}", {**LOGGED, CATALOGUE: ""}),
            Control(f"isn't in {MANUAL}", {**LOGGED, MANUAL: ""}),
            Control("logged nowhere", {**LOGGED, "daemon/a.h": ""}),
        ],
        clean=LOGGED,
    ),
]
