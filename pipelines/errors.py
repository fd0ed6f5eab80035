"""Everything that can go wrong with a job.

PipelineError
├── InputRejected     an input file cannot be used; carries every problem found
├── ConfigInvalid     the configuration file has errors; carries every one
├── RunNotFound       no finished run in the folder named
├── RunDamaged        a run does not match its own hashes
├── RunOutdated       a run was written by an older version and lacks what is asked of it
├── InputsDiffer      a run cannot be computed again: something that it was made of is not at hand
├── ShardsDiffer      shards of one job are missing, twice there, or do not belong together
├── WorkersLost       the workers of a cluster died again and again
├── CaseNotFound      the run holds no such case
├── OutputOccupied    the folder named for output holds something else
├── FileRefused       the machine refuses to read or write a file: no right, no folder, a broken link
├── StagingDamaged    what an earlier start of the job finished cannot be read any more
├── RunInProgress     another job is writing to the same output
└── OutOfSpace        the disk is full; what is finished is kept for the next start
"""

from __future__ import annotations

from collections.abc import Sequence


class PipelineError(Exception):
    """Root of every error that the package raises on purpose. The message says what, where and what to do."""


class InputRejected(PipelineError):
    """An input file cannot be used; `problems` holds every reason found, one a line."""

    def __init__(self, message: str, problems: Sequence[str] = ()) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join([message, *(f"  - {problem}" for problem in self.problems)]))


class ConfigInvalid(PipelineError):
    """The configuration file has errors; `problems` holds every one."""

    def __init__(self, message: str, problems: Sequence[str] = ()) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join([message, *(f"  - {problem}" for problem in self.problems)]))


class RunNotFound(PipelineError):
    """No finished run in the folder named."""


class RunDamaged(PipelineError):
    """A run does not match its own hashes."""


class RunOutdated(PipelineError):
    """A run was written by an older version and lacks what is asked of it."""


class InputsDiffer(PipelineError):
    """A run cannot be computed again: something that it was made of is not at hand."""


class ShardsDiffer(PipelineError):
    """Shards of one job are missing, twice there, or do not belong together."""


class WorkersLost(PipelineError):
    """The workers of a cluster died again and again."""


class CustomerNotFound(PipelineError):
    """The run screened no customer with this id."""


class CaseNotFound(PipelineError):
    """The run holds no such case."""


class OutputOccupied(PipelineError):
    """The folder named for output holds something else."""


class FileRefused(PipelineError):
    """The machine refuses to read or write a file: no right, no folder, a broken link."""


class StagingDamaged(PipelineError):
    """What an earlier start of the job finished cannot be read any more."""


class RunInProgress(PipelineError):
    """Another job is writing to the same output."""


class OutOfSpace(PipelineError):
    """The disk is full; what is finished is kept for the next start."""
