#!/usr/bin/env bash
# One step of a night that is divided among machines; the folder is on storage that all of them see.
#   shards.sh start       fresh lists, and what people turned down at the desk
#   shards.sh names I N   compare the names of part I of N (I from 0)
#   shards.sh rules I N   evaluate the rules of part I of N, when all names are compared (worth it above ten million)
#   shards.sh merge       put the run together, when all parts are there
# Every step may be started again: finished ranges are kept. AS_OF holds the day, so that a night may pass midnight.
# Exit codes are those of headwater; `merge` tells with 10 that cases are new or worse.
set -euo pipefail
cd "${HEADWATER_HOME:-/srv/headwater}"
step=$1
parts="shards/${AS_OF:?the day of the night, as in AS_OF=2026-11-22}"

if [ "$step" = start ]; then
  # A failed download must not stop the night: the lists of yesterday are better than none, and doctor tells their age.
  headwater --log-json refresh --store lists --download || echo "lists not refreshed" >&2
  if [ -f desk.db ]; then headwater decisions export desk.db --out input/reviewed.parquet; fi
  exit
fi

if [ "$step" = merge ]; then
  code=0
  headwater --log-json merge "$parts"/* --out run --exit-code \
    --metrics "${HEADWATER_METRICS:-metrics/headwater.prom}" || code=$?
  if [ "$code" -eq 0 ] || [ "$code" -eq 10 ]; then rm -rf "$parts"; fi
  exit "$code"
fi

common=(--store lists --lists latest --as-of "$AS_OF" --config headwater.toml
  --ownership input/ownership.csv --entities input/entities.csv --activity input/activity.csv
  --shard "$2/$3" --out "$parts/$step-$2")
if [ "$step" = rules ]; then for shard in "$parts"/names-*; do common+=(--names "$shard"); done; fi
if [ -f input/reviewed.parquet ]; then common+=(--suppressions input/reviewed.parquet); fi
if [ -f input/renames.csv ]; then common+=(--renames input/renames.csv); fi
# Last night's run, where there is one, saves the comparison of everything that has not changed.
if [ -f run/run.json ]; then
  headwater --log-json delta input/customers.csv --since run "${common[@]}"
else
  headwater --log-json screen input/customers.csv "${common[@]}"
fi
