"""Are `lists`, `screening`, `pipelines` and `desk` really ours?

The four names are common words. Another distribution may carry the same ones, and a folder of that name in
the current directory shadows ours; either way the wrong code would screen, so nothing starts.
"""

from __future__ import annotations

import sys
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("lists", "screening", "pipelines", "desk")
DISTRIBUTION = "headwater"


class ForeignPackage(Exception):
    """One of our package names is taken by somebody else's code."""


def ensure_own_packages() -> None:
    """Raise ForeignPackage unless all four packages stand beside this file."""
    home = Path(__file__).resolve().parents[1]
    strangers = [f"{name} is loaded from {found}" for name, found in _places() if found != home / name]
    if strangers:
        raise ForeignPackage(
            f"{'; '.join(strangers)}, but ours stand in {home}. Run from another directory, "
            "or install headwater into an environment of its own."
        )


def claimants() -> dict[str, list[str]]:
    """Return for each of our package names the installed distributions that claim it."""
    claims = packages_distributions()
    return {name: sorted(set(claims.get(name, []))) for name in PACKAGES}


def _places() -> list[tuple[str, Path | None]]:
    """Return where each package would be imported from; None for an absent or empty namespace package."""
    places = []
    for name in PACKAGES:
        module = sys.modules.get(name)
        origin = module.__file__ if module is not None else getattr(find_spec(name), "origin", None)
        places.append((name, Path(origin).resolve().parent if origin else None))
    return places
