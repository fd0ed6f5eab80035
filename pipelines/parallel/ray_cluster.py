"""The workers of a Ray cluster: the task is sent to each machine once, parts are made wherever there is a free core.

A part whose worker dies is made again elsewhere; nothing else is lost. Usage statistics are off.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

from pipelines.errors import WorkersLost
from pipelines.parallel.tasks import Make, Tables, Task, Workers, WorkUnit

LOCAL = "local"
AHEAD = 2
"""Parts a core that are read and sent before they are needed."""
TRIES = 3
"""How often a part is made again whose worker died."""


@contextmanager
def cluster(address: str = LOCAL, cores: int | None = None) -> Iterator[Workers]:
    """Yield the workers of the cluster at `address`; `local` starts one here, of `cores` workers.

    Raises WorkersLost where there is no such cluster, or Ray is not installed.
    """
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    try:
        import ray  # noqa: PLC0415 - an extra, and slow to load
    except ImportError as error:
        raise WorkersLost("Ray is not installed: pip install 'headwater[ray]'.") from error
    try:
        ray.init(
            address=address,
            num_cpus=cores if address == LOCAL else None,
            include_dashboard=False if address == LOCAL else None,
            log_to_driver=False,
            logging_level=logging.ERROR,
        )
    except ConnectionError as error:
        raise WorkersLost(f"{address}: no Ray cluster answers there ({error}).") from error
    try:
        yield workers
    finally:
        ray.shutdown()


def workers(make: Make[Task], task: Task, units: Sequence[WorkUnit]) -> Iterable[tuple[WorkUnit, Tables]]:
    """Make the units on the connected cluster. Raises WorkersLost where a part's workers die again and again."""
    import ray  # noqa: PLC0415 - an extra, and slow to load

    if not units:
        return
    sent = ray.put(task)
    remote = ray.remote(num_cpus=1, max_retries=TRIES)(make)
    waiting = iter(units)
    under_way: dict[ray.ObjectRef[Tables], WorkUnit] = {}
    most = AHEAD * max(1, int(ray.cluster_resources().get("CPU", 1)))  # type: ignore[no-untyped-call]
    while True:
        for unit in islice(waiting, most - len(under_way)):
            under_way[remote.remote(sent, unit.name, unit.read())] = unit
        if not under_way:
            return
        (done,), _ = ray.wait(list(under_way), num_returns=1)
        unit = under_way.pop(done)
        try:
            yield unit, ray.get(done)
        except ray.exceptions.WorkerCrashedError as error:
            raise WorkersLost(
                f"{unit.name}: its worker died {TRIES + 1} times, of memory perhaps. What is finished is kept."
            ) from error
