"""Removes what older versions of the code compiled, since `screening.compiled` itself deletes nothing."""

from __future__ import annotations

from pathlib import Path

from lists.system import SYSTEM, System
from screening.compiled import FOLDER, cache_folders


def remove_older_versions(system: System = SYSTEM) -> None:
    """Remove the folders of other versions that lie next to those of this one, as far as that is allowed.

    A process that still runs an older version only has to compile in memory again.
    """
    for folder in map(Path, cache_folders()):
        for other in folder.parent.glob(f"{FOLDER}*"):
            if other != folder:
                system.remove_tree(other)
