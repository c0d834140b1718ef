#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Prints a C header that holds a text file as one string: embed.sh SYMBOL FILE
set -eu
echo "static const char $1[] ="
sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/  "/' -e 's/$/\\n"/' "$2"
echo '  ;'
