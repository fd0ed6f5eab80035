"""The run folder: what a job leaves behind, written whole or not at all."""

from pipelines.run.folder import Run, open_run
from pipelines.run.manifest import Manifest

__all__ = ["Manifest", "Run", "open_run"]
