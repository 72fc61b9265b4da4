#!/usr/bin/env bash
# `make demo`: a seeded shop of 200 simulated people, served on 127.0.0.1:8080 in the foreground.
# DATA=FOLDER_OR_FILES RECIPE=NAME make demo   loads a real shop instead.
set -euo pipefail
cd "$(dirname "$0")/.."
rapport=build/release/rapport
folder=${DEMO_FOLDER:-build/demo}
listen=${LISTEN:-127.0.0.1:8080}
shop=demo
if [ ! -d "$folder" ]; then
  "$rapport" keys add --data "$folder" --shop "$shop" --role ingest --quiet > /dev/null
  if [ -n "${DATA:-}" ]; then
    # shellcheck disable=SC2086
    "$rapport" import --data "$folder" --shop "$shop" --recipe "${RECIPE:?RECIPE names how DATA is read}" $DATA
  else
    world=$(mktemp --suffix=.jsonl)
    trap 'rm -f "$world"' EXIT
    "$rapport" simulate --seed 7 --customers 200 --products 120 --days 180 --out "$world"
    "$rapport" import --data "$folder" --shop "$shop" --recipe events-jsonl --shift-to-now "$world"
  fi
fi
key=$("$rapport" keys add --data "$folder" --shop "$shop" --role admin --label demo --quiet)
public=$("$rapport" keys add --data "$folder" --shop "$shop" --role public --label storefront --quiet)
link=$("$rapport" link --data "$folder" --shop "$shop" --listen "$listen" --quiet)
note="Its people are simulated; nobody in it is real."
[ -z "${DATA:-}" ] || note=""
storefront=""
[ ! -f web/dist/shop.html ] || storefront="  the storefront          http://$listen/shop?key=$public
"
cat <<EOF

A shop is ready in $folder${DATA:+ (from $DATA)}. $note

  the console             $link
                          (lets you in once, as administrator)
${storefront}  the API, described      http://$listen/openapi.json
  administrator key       $key     (shown once; made for this run)

Try, in a second terminal:
  export KEY=$key
  curl -s -u \$KEY: http://$listen/v1/segments
  curl -s -u \$KEY: 'http://$listen/v1/segments/churn_risk/customers?limit=3'
  curl -s -u \$KEY: http://$listen/v1/sql -d '{"query":"select event, count(*) n from events group by 1 order by 2 desc limit 5"}'
  $rapport customer --data $folder --shop $shop c_1
  $rapport explain --data $folder --shop $shop c_1 --segment churn_risk

Ctrl-C ends it. The next start is quick; 'rm -r $folder' starts over.
EOF
exec "$rapport" serve --data "$folder" --listen "$listen"
