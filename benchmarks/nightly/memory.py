"""Screen a book and print how long each stage took, and its memory at the peak and at the end.

python -m benchmarks.nightly.memory BOOK STORE OUT [SINCE]

BOOK: a folder as benchmarks.nightly.book makes it. SINCE: an earlier run, for a delta. Files that are mapped into
memory count as well while they are mapped; `own` is what the process could not do without.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Event, Thread
from time import perf_counter, process_time

from pipelines.inputs.book import BookFiles
from pipelines.job.definition import Job
from pipelines.job.run import run

AS_OF = date(2026, 11, 21)
EVERY = 0.02
"""Seconds between two samples of the memory."""
MB = 1 << 20


@dataclass
class Stage:
    """What one stage cost: seconds of wall and processor time, bytes at the peak (all, own), own bytes at its end."""

    name: str
    wall: float = 0.0
    cpu: float = 0.0
    peak: int = 0
    own: int = 0
    left: int = 0


@dataclass
class Watched:
    """The stages of a job, measured by a thread of its own; called as the progress of the job."""

    stages: list[Stage] = field(default_factory=lambda: [Stage("start")])
    _at: tuple[float, float] = field(default_factory=lambda: (perf_counter(), process_time()))

    def __call__(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Begin a stage."""
        if stage != self.stages[-1].name:
            self.close()
            self.stages.append(Stage(stage))

    def close(self) -> None:
        """End the stage that runs."""
        self.sample()
        wall, cpu = perf_counter(), process_time()
        last = self.stages[-1]
        last.wall, last.cpu = wall - self._at[0], cpu - self._at[1]
        self._at = (wall, cpu)

    def sample(self) -> None:
        """Record how much memory the process has now."""
        status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
        sizes = {name: int(status[name].split()[0]) << 10 for name in ("VmRSS", "RssAnon")}
        last = self.stages[-1]
        last.peak, last.own = max(last.peak, sizes["VmRSS"]), max(last.own, sizes["RssAnon"])
        last.left = sizes["RssAnon"]

    @contextmanager
    def sampling(self) -> Iterator[None]:
        """Record the memory every few milliseconds while the job runs."""
        ended = Event()

        def watch() -> None:
            while not ended.wait(EVERY):
                self.sample()

        thread = Thread(target=watch, daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
            self.close()


def book_job(book: Path, store: Path, out: Path, since: Path | None = None) -> Job:
    """Return the job that screens a book with everything it holds."""
    files = BookFiles(
        customers=book / "customers.csv",
        ownership=(book / "ownership.csv",),
        entities=book / "entities.csv",
        activity=book / "activity.csv",
    )
    return Job(files, store, out, AS_OF, since=since)


def table(stages: list[Stage]) -> str:
    """Write the stages as a table; the last line is the whole job."""
    whole = Stage(
        "all",
        sum(stage.wall for stage in stages),
        sum(stage.cpu for stage in stages),
        max(stage.peak for stage in stages),
        max(stage.own for stage in stages),
        stages[-1].left,
    )
    rows = [
        f"{s.name:30} {s.wall:8.1f} {s.cpu:8.1f} {s.peak / MB:9,.0f} {s.own / MB:9,.0f} {s.left / MB:9,.0f}"
        for s in (*stages, whole)
    ]
    return "\n".join(
        [f"{'stage':30} {'wall s':>8} {'cpu s':>8} {'peak MB':>9} {'own MB':>9} {'left MB':>9}", *rows]
    )


if __name__ == "__main__":
    paths = [Path(argument) for argument in sys.argv[1:]]
    watched = Watched()
    with watched.sampling():
        run(book_job(*paths), watched)
    print(table(watched.stages))
