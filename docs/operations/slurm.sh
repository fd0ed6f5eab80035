#!/usr/bin/env bash
# Many machines under Slurm: `sbatch slurm.sh` compares the names in an array of jobs and, when all have ended well, starts
# the job that puts the run together.
#SBATCH --job-name=headwater
#SBATCH --array=0-3
#SBATCH --cpus-per-task=2
#SBATCH --mem=6G
#SBATCH --requeue
set -euo pipefail
here="${HEADWATER_HOME:-/srv/headwater}"

if [ "$SLURM_ARRAY_TASK_ID" -eq "$SLURM_ARRAY_TASK_MIN" ]; then
  sbatch --job-name=headwater-merge --mem=8G --dependency="afterok:$SLURM_ARRAY_JOB_ID" \
    --kill-on-invalid-dep=yes "$here/shards.sh" merge
fi
exec "$here/shards.sh" names "$SLURM_ARRAY_TASK_ID" "$SLURM_ARRAY_TASK_COUNT"
