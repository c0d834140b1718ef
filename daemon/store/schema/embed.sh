#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# embed.sh SCHEMA.sql: prints it as a C string, for schema.h.
set -eu
echo '/* Made by schema/embed.sh. */'
echo 'static const char dd_schema_001[] ='
sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/  "/' -e 's/$/\\n"/' "$1"
echo '  ;'
