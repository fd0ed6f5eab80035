#!/usr/bin/env bash
# One night: fresh lists, what changed since last night, figures for the monitoring. Exit codes are those of headwater:
# 0 done, 1 failed (the run of last night stands), 2 wrong usage, 10 done and cases are new or worse.
set -euo pipefail
cd "${HEADWATER_HOME:-/srv/headwater}"

# A failed download must not stop the night: the lists of yesterday are better than none, and doctor tells their age.
headwater --log-json refresh --store lists --download || echo "lists not refreshed" >&2

# What people turned down at the desk, where there is one; ids that changed, where the book has a file of them.
if [ -f desk.db ]; then headwater decisions export desk.db --out input/reviewed.parquet; fi

# Last night's run, where there is one, saves the comparison of everything that has not changed.
common=(--store lists --lists latest --out run --config headwater.toml --exit-code
  --ownership input/ownership.csv --entities input/entities.csv --activity input/activity.csv
  --metrics "${HEADWATER_METRICS:-metrics/headwater.prom}")
if [ -f input/reviewed.parquet ]; then common+=(--suppressions input/reviewed.parquet); fi
if [ -f input/renames.csv ]; then common+=(--renames input/renames.csv); fi
code=0
if [ -f run/run.json ]; then
  headwater --log-json delta input/customers.csv --since run "${common[@]}" || code=$?
else
  headwater --log-json screen input/customers.csv "${common[@]}" || code=$?
fi
if [ "$code" -ne 0 ] && [ "$code" -ne 10 ]; then exit "$code"; fi

headwater verify run
exit "$code"
