"""One night under Airflow 3: fresh lists, shards side by side, one merge, the health of it all.

The folder `HOME` is on storage that every worker sees and holds `shards.sh`.
"""

import os
from datetime import datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import dag

HOME = os.environ.get("HEADWATER_HOME", "/srv/headwater")
SHARDS = 4


@dag(
    schedule="15 2 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args={
        "retries": 2,
        "retry_delay": timedelta(minutes=5),
        "cwd": HOME,
        "env": {"HEADWATER_HOME": HOME, "AS_OF": "{{ dag_run.run_after | ds }}"},
        "append_env": True,
    },
)
def headwater_night() -> None:
    """Refresh, compare names in shards, merge, check."""
    start = BashOperator(task_id="start", bash_command="bash shards.sh start")
    names = BashOperator.partial(task_id="names").expand(
        bash_command=[f"bash shards.sh names {number} {SHARDS}" for number in range(SHARDS)]
    )
    merge = BashOperator(task_id="merge", bash_command="bash shards.sh merge || [ $? -eq 10 ]")
    doctor = BashOperator(
        task_id="doctor",
        bash_command="headwater doctor --store lists --run run --config headwater.toml",
        retries=0,  # what it finds needs a person
    )
    start >> names >> merge >> doctor


headwater_night()
