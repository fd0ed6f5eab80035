#!/usr/bin/env bash
# Many machines under Slurm: `slurm.sh [SHARDS]` hands in a night, once. One job gets the lists, an array compares the
# names, the last puts the run together; each begins when the one before has ended well. `--requeue` starts what a
# broken machine was at again.
set -euo pipefail
shards=${1:-4}
home="${HEADWATER_HOME:-/srv/headwater}"
export HEADWATER_HOME="$home" AS_OF="${AS_OF:-$(date +%F)}"
options=(--parsable --requeue --kill-on-invalid-dep=yes --output "$home/slurm-%x-%j.log")

start=$(sbatch "${options[@]}" --job-name=headwater-start "$home/shards.sh" start)
names=$(sbatch "${options[@]}" --job-name=headwater-names --dependency="afterok:$start" \
  --array="0-$((shards - 1))" --cpus-per-task=2 --mem=6G \
  --wrap 'exec "$HEADWATER_HOME/shards.sh" names "$SLURM_ARRAY_TASK_ID" "$SLURM_ARRAY_TASK_COUNT"')
sbatch "${options[@]}" --job-name=headwater-merge --dependency="afterok:$names" --cpus-per-task=2 --mem=8G \
  --wrap '"$HEADWATER_HOME/shards.sh" merge || [ $? -eq 10 ]'
