#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""validate-tmf.py SCHEMA DEFINITION < document

Validates a JSON document against one definition of a TM Forum swagger file. Says each violation with its place;
exit status 0: valid, 1: not, 2: wrong use, 77: jsonschema isn't installed.
"""
import json
import sys

try:
    import jsonschema
except ImportError:
    sys.exit(77)


def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    with open(sys.argv[1], encoding="utf-8") as file:
        swagger = json.load(file)
    if sys.argv[2] not in swagger["definitions"]:
        print(f"{sys.argv[1]}: no definition {sys.argv[2]}", file=sys.stderr)
        return 2
    schema = {"$ref": "#/definitions/" + sys.argv[2], "definitions": swagger["definitions"]}
    document = json.loads(sys.stdin.buffer.read().decode("utf-8"))
    failures = list(jsonschema.Draft4Validator(schema).iter_errors(document))
    for failure in failures:
        print("/".join(map(str, failure.path)) or "$", failure.message[:300], sep=": ", file=sys.stderr)
    return 1 if failures else 0


sys.exit(main())
