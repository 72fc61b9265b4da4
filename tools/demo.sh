#!/usr/bin/env bash
# `make demo`: a simulated shop that lives, served on 127.0.0.1:8080 in the foreground; Ctrl-C ends server and simulator,
# and the next start goes on from there. By default 20,000 customers have come by the time it opens, 2,000 products, 90 days
# of history behind it and 60 days to live, ten minutes of the shop a second.
#   make demo CUSTOMERS=5000 PRODUCTS=500 HISTORY_DAYS=60 LIVE_DAYS=30 SPEED=3600 SEED=7
#   make demo DATA='FOLDER OR FILES' RECIPE=NAME      a real shop instead, on the wall clock; SHIFT=yes moves its history so
#                                                     that it ends now: without it figures of the last 30 days may be empty
# DEMO_FOLDER and LISTEN say where; 'rm -r build/demo' starts over.
set -euo pipefail
cd "$(dirname "$0")/.."
rapport=${RAPPORT:-build/release/rapport}
listen=${LISTEN:-127.0.0.1:8080}
customers=${CUSTOMERS:-20000} products=${PRODUCTS:-2000} history=${HISTORY_DAYS:-90} live=${LIVE_DAYS:-60}
speed=${SPEED:-600} seed=${SEED:-1}
shop=demo simulated=yes
[ -z "${DATA:-}" ] || simulated=no
folder=${DEMO_FOLDER:-build/$([ $simulated = yes ] && echo demo || echo demo-real)}
keys=$folder/demo.keys note=$folder/simulated_$shop.txt log=$folder.log
started=$SECONDS

server="" simulator=""
stop() {
  trap '' INT TERM
  [ -z "$simulator" ] || kill "$simulator" 2>/dev/null || true
  [ -z "$simulator" ] || wait "$simulator" 2>/dev/null || true
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  [ -z "$server" ] || wait "$server" 2>/dev/null || true
}
trap stop EXIT
trap 'echo; echo "Ending; the next start goes on from here."; exit 0' INT TERM
fail() {
  echo "$1" >&2
  tail -n 5 "$log" >&2 || true
  exit 1
}

# A load that was cut off is begun anew: half a history is no shop.
if [ $simulated = yes ] && [ -d "$folder" ] && [ ! -f "$note" ]; then rm -r "$folder"; fi
if [ $simulated = no ] && [ -d "$folder" ] && [ ! -f "$keys" ]; then rm -r "$folder"; fi
if [ $simulated = no ] && [ ! -d "$folder" ]; then
  "$rapport" keys add --data "$folder" --shop "$shop" --role ingest --quiet > /dev/null
  # shellcheck disable=SC2086
  "$rapport" import --data "$folder" --shop "$shop" --recipe "${RECIPE:?RECIPE names how DATA is read}" ${SHIFT:+--shift-to-now} $DATA
fi
mkdir -p "$folder"

: > "$log"
"$rapport" serve --data "$folder" --listen "$listen" > "$log" 2>&1 &
server=$!
until grep -q '"event":"serving"' "$log"; do
  kill -0 $server 2>/dev/null || { server=""; fail "The server did not start (see $log):"; }
  sleep 0.1
done

if [ $simulated = yes ]; then
  days=$((history + live))
  # Customers come evenly over the days, so the world is larger than the shop that opens.
  world=$((customers * days / history))
  # The live part begins on 8 November: three days before 双11.
  start=$(date -u -d "2026-11-07 16:00 UTC $history days ago" +%Y-%m-%dT%H:%M:%SZ)
  [ -f "$note" ] || echo "Loading $history days of a simulated shop with $customers customers and $products products; this takes a moment."
  "$rapport" simulate --data "$folder" --shop "$shop" --seed "$seed" --customers "$world" --products "$products" --days "$days" \
    --start "$start" --live --live-days "$live" --speed "$speed" &
  simulator=$!
  until [ -f "$note" ]; do
    kill -0 $simulator 2>/dev/null || { simulator=""; fail "The simulator ended; what it said stands above."; }
    sleep 0.1
  done
fi

if [ ! -f "$keys" ]; then
  (umask 077
   echo "admin=$("$rapport" keys add --data "$folder" --shop "$shop" --role admin --label demo --quiet)"
   echo "public=$("$rapport" keys add --data "$folder" --shop "$shop" --role public --label storefront --quiet)") > "$keys.new"
  mv "$keys.new" "$keys"
fi
admin="" public=""
# shellcheck disable=SC1090
. "$keys"

# The twelve-month programme as the console would begin it: today's figures are the baselines (web/model/goals.ts).
overview=""
figure() { grep -o "\"id\":\"$1\",\"value\":[0-9.]*" <<< "$overview" | cut -d: -f3; }
step() { grep -o "\"step\":\"$1\",\"customers\":[0-9]*" <<< "$overview" | cut -d: -f3; }
goal() {  # id, name, metric, department, unit, "x FACTOR MOST" of today's figure or "= TARGET", today's figure
  local now=${7:-$(figure "$3")} due target
  [ -n "$now" ] || return 0
  due=$(date -u -d "$(grep -o '"as_of":"[^"]*"' <<< "$overview" | cut -d'"' -f4) 1 year" +%Y-%m-%dT%H:%M:%SZ)
  target=$(awk -v rule="$6" -v now="$now" 'BEGIN { split(rule, r, " "); t = r[1] == "=" ? r[2] : now * r[2]; if (r[3] != "" && t > r[3] + 0) t = r[3]; print t }')
  curl -s -o /dev/null -X PUT -u "$admin:" "http://$listen/v1/goals/$1" \
    -d "{\"name\":\"$2\",\"metric\":\"$3\",\"department\":\"$4\",\"unit\":\"$5\",\"baseline\":$now,\"target\":$target,\"due\":\"$due\"}"
}
if [ $simulated = yes ] && [ ! -f "$folder/demo.programme" ]; then
  overview=$(curl -s -u "$admin:" "http://$listen/v1/overview?days=30" || true)
  conversion=$(awk -v visit="$(step visit)" -v order="$(step order)" 'BEGIN { if (visit > 0) printf "%.4f", order / visit }')
  goal recommendations '推荐点击率提升' recommendation_click_rate marketing share 'x 1.4 1'
  goal conversion '转化率提升' conversion product share 'x 1.25 1' "$conversion"
  goal repurchase '复购率提升' repurchase_rate marketing share 'x 1.3 1'
  goal order_value '客单价提升' average_order_value sales CNY 'x 1.15'
  goal csat '客户满意度' csat service share '= 0.9'
  goal nps '净推荐值（NPS）' nps service score '= 50'
  goal resolution '问题解决时长' resolution_hours after-sale hours '= 12'
  : > "$folder/demo.programme"
fi
# What the assistant and the product pages answer at once.
if [ $simulated = yes ] && [ ! -f "$folder/demo.knowledge" ] && [ -f knowledge/demo.json ]; then
  "$rapport" assistant publish --data "$folder" --shop "$shop" --file knowledge/demo.json > /dev/null ||
    fail "The answers of knowledge/demo.json could not be published (see $log):"
  : > "$folder/demo.knowledge"
fi
# One service that is booked by the hour, by visitors and by the assistant: its hours, and two who come.
if [ $simulated = yes ] && [ ! -f "$folder/demo.bookable" ]; then
  hours='"09:00-12:00", "13:30-18:00"'
  curl -sf -o /dev/null -X PUT -u "$admin:" "http://$listen/v1/calendars/at-home" \
    -d "{\"zone\":\"Asia/Shanghai\",\"holidays_of\":\"CN\",\"week\":{\"mon\":[$hours],\"tue\":[$hours],\"wed\":[$hours],\"thu\":[$hours],\"fri\":[$hours],\"sat\":[$hours]}}" &&
    curl -sf -o /dev/null -u "$admin:" -H 'Content-Type: application/json' "http://$listen/v1/t" \
      -d '{"event":"Service Published","messageId":"demo-bookable","anonymousId":"demo","properties":{"service_id":"S-visit","title":"上门检修","title_en":"Home check-up","price":"0.00","currency":"CNY","layer":"augmented","calendar":"at-home","capacity":2,"description":"师傅上门检查、清洁家电，按时段预约。","description_en":"A fitter comes to check and clean your appliances, at the hour you book."}}' ||
    fail "The service that is booked could not be published (see $log):"
  : > "$folder/demo.bookable"
fi
link=$("$rapport" link --data "$folder" --shop "$shop" --listen "$listen" --quiet)
# Somebody who is there: of those who are about to be lost the one worth most, else whoever was seen last.
somebody() {
  curl -s -u "$admin:" "http://$listen/v1/customers?limit=1&$1" | grep -o '"id":"c_[0-9]*"' | head -1 | cut -d'"' -f4 || true
}
class=churn_risk
someone=$(somebody 'class=churn_risk&sort=value')
[ -n "$someone" ] || someone=$(somebody 'sort=last_seen')
storefront=""
if curl -sf -o /dev/null "http://$listen/shop"; then
  storefront="  the storefront     http://$listen/shop?key=$public
"
fi
if [ $simulated = yes ]; then
  what="A SIMULATED shop is open; nobody in it is real. A second here is $((speed / 60)) min there."
else
  what="A shop is open, from $DATA."
  [ -n "${SHIFT:-}" ] || what+=" Figures count back from today: of a history that ended long ago see all by SHIFT=yes in another folder."
fi
cat <<EOF

$what (ready after $((SECONDS - started)) s, in $folder)

  the console        $link
                     (lets you in once, as administrator)
${storefront}  the API            http://$listen/openapi.json
  administrator key  $admin

Try: put the two windows side by side, buy something in the storefront, and look at Data > Live in the console.
     In the console, "Guided tour" (top right) shows the rest. Or in a second terminal:
  export KEY=$admin
  curl -s -u \$KEY: 'http://$listen/v1/segments/$class/customers?limit=3'
  curl -s -u \$KEY: http://$listen/v1/sql -d '{"query":"select event, count(*) n from events group by 1 order by 2 desc limit 5"}'
  $rapport customer --data $folder --shop $shop $someone
  $rapport explain --data $folder --shop $shop $someone --segment $class

Ctrl-C ends it; the next 'make demo' goes on from there, 'rm -r $folder' starts over.

EOF
if [ -n "$simulator" ]; then
  code=0
  wait "$simulator" || code=$?
  simulator=""
  kill -0 "$server" 2>/dev/null || fail "The server ended (see $log):"
  [ $code = 0 ] || fail "The simulator ended with code $code; what it said stands above."
  echo "The simulated days are over; the shop stands still and is served on. 'rm -r $folder' starts over."
fi
wait "$server" || true
