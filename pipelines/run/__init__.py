"""The run folder: what a job leaves behind, written whole or not at all."""

from pipelines.run.folder import Run, open_run
from pipelines.run.lookup import find_case
from pipelines.run.manifest import Manifest

__all__ = ["Manifest", "Run", "find_case", "open_run"]
