#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Plays one negotiation from a customer's request to delivered orders, on a private bus and a temporary store, and tells it as
# it goes: demo.sh BUILD_DIR. Every step is a real call of dealctl; a step that doesn't end as it must ends the demo.
set -eu

build=$(cd "$1" && pwd)
samples=$(cd "$(dirname "$0")/../../data/samples" && pwd)
work=$(mktemp -d)
bus_pid=
daemon_pid=

finish ()
{
  status=$?
  trap - EXIT
  [ -z "$daemon_pid" ] || kill "$daemon_pid" 2>/dev/null || true
  [ -z "$daemon_pid" ] || wait "$daemon_pid" 2>/dev/null || true
  [ -z "$bus_pid" ] || kill "$bus_pid" 2>/dev/null || true
  [ "$status" -eq 0 ] || { echo "demo: failed; the daemon said:" >&2; cat "$work/daemon.log" >&2 2>/dev/null || true; }
  rm -rf "$work"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

if [ -t 1 ]; then
  bold=$(printf '\033[1m')
  plain=$(printf '\033[0m')
else
  bold=
  plain=
fi

tell ()
{
  printf '\n%s%s%s\n' "$bold" "$*" "$plain"
}

# Shows a call as a person would type it, then its answer.
run ()
{
  printf '  $ dealctl'
  for word in "$@"; do
    case $word in
      *[!A-Za-z0-9_./:=,%-]*) printf " '%s'" "${word#"$samples"/}" ;;
      *) printf ' %s' "${word#"$samples"/}" ;;
    esac
  done
  printf '\n'
  "$build/ctl/dealctl" "$@" >"$work/answer" 2>&1 && called=0 || called=$?
  cut -c 1-150 "$work/answer" | sed -e 's/^/    /'
  return "$called"
}

# A call that must be refused: a control, without which the demo would show nothing.
refused ()
{
  if run "$@"; then
    echo "demo: this should have been refused" >&2
    exit 1
  fi
}

field ()
{
  sed -n "s/^$1: *//p" "$work/answer"
}

must_be ()
{
  [ "$1" = "$2" ] || { echo "demo: expected '$2', found '$1'" >&2; exit 1; }
}

# --- a bus, a store, a daemon ---------------------------------------------------------------------------------------------

mkdir "$work/spool" "$work/state"
cat >"$work/dealdesk.conf" <<EOF
[Provider]
Name=Sample Networks AG

[plugin handoff-spool]
directory=$work/spool
EOF
dbus-daemon --session --nofork --address="unix:path=$work/bus" 2>"$work/bus.log" &
bus_pid=$!
export DBUS_SESSION_BUS_ADDRESS="unix:path=$work/bus"
export DEALDESK_BUS=session
tries=0
until [ -S "$work/bus" ]; do
  tries=$((tries + 1))
  [ "$tries" -lt 100 ] || { echo "demo: the bus doesn't come up" >&2; exit 1; }
  sleep 0.05
done
"$build/daemon/dealdeskd" --session --state-dir "$work/state" --config "$work/dealdesk.conf" --plugin-dir "$build/plugins" \
  >"$work/daemon.log" 2>&1 &
daemon_pid=$!
gdbus wait --session --timeout 10 org.dealdesk1

tell "1. The operator's tables come in: offerings, prices, costs, and who may grant what."
for table in offerings customers sites aliases members authority charges tiers costs; do
  "$build/ctl/dealctl" import "$table" "$samples/$table.csv" >/dev/null
done
run dataset list

tell "2. A retailer asks for 40 branches: a TMF648 quote request. What has no place in a deal is kept, and said."
run open --as anna --from "$samples/request-linden.json"
deal=$(field Deal)

tell "3. What would it cost at list? Costs and margin are for the provider's eyes."
run price "$deal"

tell "4. Anna tables an offer with the standard terms, to be ordered in two parts, valid for a month."
until=$(date -u -d '+30 days' +%Y-%m-%d)
run propose "$deal" --as anna --terms "$samples/terms-standard.json" --term 36 --order 1=001..068 --order 2=rest --valid-until "$until"
must_be "$(field 'Revision is')" tabled

tell "5. The customer wants to understand the liability clause, and may not acknowledge it while the question is open."
run ask "$deal" --as anna --clause liability "Does the cap cover lost sales at the tills?" --customer-person "J. Linden" --channel mail
refused acknowledge "$deal" liability --as anna --customer-person "J. Linden" --channel mail
run answer "$deal" 1 "Yes, up to the cap of the clause." --as anna

tell "6. The customer counters: 18% less on everything, EUR 379.00 a month for line 001, and 48 months instead of 36."
run counter "$deal" 1 --as anna --discount 18% --price 001:rental="EUR 379.00" --term 48 --customer-person "J. Linden" --channel mail
run diff "$deal" 1 2 | sed -n -e '1,12p'

tell "7. What would a strategy do? Advice only: the core checks authority."
run advise "$deal"

tell "8. Anna accepts, but so much is beyond her authority: nothing leaves; a manager is asked."
run accept "$deal" 2 --as anna
must_be "$(field State)" negotiating

tell "9. She can't approve it herself, and neither can a colleague. Carla, a sales manager, can; her decision performs the acceptance."
refused approve "$deal" --as anna
refused approve "$deal" --as ben
run approvals --as carla
run approve "$deal" --as carla --comment "A customer of ten years"
must_be "$(field State)" agreed

tell "10. The customer can't sign before every clause that asks for it is acknowledged."
refused sign "$deal" --as anna --customer-person "J. Linden" --channel meeting
run acknowledge "$deal" --all --as anna --customer-person "J. Linden" --channel meeting

tell "11. Both sign the same fingerprint; the two orders go to the spool."
run sign "$deal" --as anna --customer-person "J. Linden" --channel meeting
run sign "$deal" --as dario
tries=0
while run orders "$deal" >/dev/null && grep -q pending "$work/answer"; do
  tries=$((tries + 1))
  [ "$tries" -lt 100 ] || { echo "demo: the orders don't arrive" >&2; exit 1; }
  sleep 0.1
done
run orders "$deal"
printf '  $ ls spool\n'
# shellcheck disable=SC2012 # names of our own making
ls "$work/spool" | sed -e 's/^/    /'
must_be "$(find "$work/spool" -name '*.json' | wc -l | tr -d ' ')" 2

tell "12. The quote goes back as TMF648, priced; and the chain proves that nothing was changed."
run export "$deal" --format tmf648 --output "$work/quote.json"
run verify
run show "$deal"
must_be "$(field State)" closed

tell "13. Another customer, with prices of its own and third-party equipment. Two promotions that would meet are refused, both named."
cd "$work"
mkdir tables
for table in vendor-parts vendor-costs markups contracted contracted-tiers commitments locations allowances promotions floors taxes rates; do
  # Without days, so that it plays on any.
  sed -e 's/20[0-9][0-9]-[0-9][0-9]-[0-9][0-9]//g' "$samples/$table.csv" >"tables/$table.csv"
done
for table in vendor-parts vendor-costs markups contracted contracted-tiers commitments locations allowances promotions floors taxes; do
  "$build/ctl/dealctl" import "$table" "tables/$table.csv" >/dev/null
done
cat >meeting.csv <<EOF
offering,id,charge,kind,percent,priority
dia-100,spring,rental,percent-off,5%,1
dia-100,friends,rental,percent-off,3%,1
EOF
refused import promotions meeting.csv
grep -q 'meeting.csv:3: .* meets line 2' "$work/answer"

tell "14. The routers are bought in dollars: without an exchange rate there is no price, only what is missing."
cat >depots.json <<EOF
{
  "currency": "EUR",
  "commitment": 36,
  "lines": [
    { "id": "1", "offering": "epl-100", "quantity": 2 },
    { "id": "2", "offering": "dia-100", "quantity": 1, "site": "lm-001" },
    { "id": "3", "offering": "router-branch", "quantity": 60, "site": "lm-001" }
  ]
}
EOF
refused price depots.json --customer nordhafen-logistik
grep -q 'line 3, .* no rate from USD to EUR' "$work/answer"
"$build/ctl/dealctl" import rates tables/rates.csv >/dev/null
run price depots.json --customer nordhafen-logistik --by site
# 3 years of 2 lines at the contracted 395.00, and of the others what vendor, allowance and rate make of them.
grep -q '^ .* EUR 25596.00 ' "$work/answer"
run open --as anna --from depots.json --format proposal --customer nordhafen-logistik
second=$(field Deal)
run explain "$second" 2
grep -q 'Flagship store' "$work/answer"

tell "15. The next catalogue comes as TMF620, all tables or none. What it says that has no place here is told."
run import catalogue "$samples/catalogue.json"
grep -q 'Not imported' "$work/answer"
# Prices come from it now: what it hasn't can't be priced.
refused price "$second"

tell "Done: from a request to delivered orders, every step on disk before it was answered."
