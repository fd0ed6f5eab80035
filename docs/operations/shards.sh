#!/usr/bin/env bash
# One step of a night that is divided among machines; the folder is on storage that all of them see.
#   shards.sh names I N   compare the names of part I of N (I from 0)
#   shards.sh rules I N   evaluate the rules of part I of N, when all names are compared (worth it above ten million)
#   shards.sh merge       put the run together, when all parts are there
# Every step may be started again: finished ranges are kept. AS_OF holds the day, so that a night may pass midnight.
set -euo pipefail
cd "${HEADWATER_HOME:-/srv/headwater}"
step=$1

if [ "$step" = merge ]; then
  headwater --log-json merge shards/* --out run --metrics "${HEADWATER_METRICS:-metrics/headwater.prom}"
  exit
fi

more=()
if [ "$step" = rules ]; then for shard in shards/names-*; do more+=(--names "$shard"); done; fi
if [ -f input/reviewed.parquet ]; then more+=(--suppressions input/reviewed.parquet); fi
if [ -f input/renames.csv ]; then more+=(--renames input/renames.csv); fi
headwater --log-json screen input/customers.csv --store lists --lists latest --as-of "${AS_OF:-$(date +%F)}" \
  --ownership input/ownership.csv --entities input/entities.csv --activity input/activity.csv \
  --config headwater.toml \
  --shard "$2/$3" --out "shards/$step-$2" "${more[@]}"
