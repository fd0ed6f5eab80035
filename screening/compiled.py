"""Functions compiled by numba and kept on disk, where no code ever meets another version's compilation.

numba's own cache looks at the file of a function alone. After a change in another file, of a function that it calls
or of a type that it takes, it would run the old code, or fail to read what it kept. Here the folder is named by a
hash of all compiled sources. Without a folder to write to, functions are compiled anew in each process.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numba
from numba.core import caching

PACKAGES = ("screening.names", "screening.matching")
"""Where compiled functions, and the types they take, may stand."""


def compiled(function: Callable[..., Any]) -> Any:
    """Compile a function on its first call, without Python objects, so that threads run it side by side.

    >>> @compiled
    ... def double(number):
    ...     return 2 * number
    >>> double(21)
    42
    """
    dispatcher: Any = numba.njit(nogil=True)(function)
    with suppress(RuntimeError):  # there is nowhere to keep it
        kept: Any = _Cache
        dispatcher._cache = kept(function)
    return dispatcher


@cache
def sources() -> str:
    """Return a hash over every source file of the packages with compiled functions."""
    digest = hashlib.sha256()
    for package in PACKAGES:
        top, *below = package.split(".")  # to ask for the package itself would import it, and so us again
        for file in sorted(files(top).joinpath(*below).iterdir(), key=lambda file: file.name):
            if file.name.endswith(".py"):
                content = file.read_bytes()
                digest.update(f"{package}/{file.name} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:16]


class _Versioned:
    """A place of numba's choice, and in it a folder of this version's own."""

    def get_cache_path(self) -> str:
        return str(Path(super().get_cache_path()) / f"compiled-{sources()}")  # type: ignore[misc]

    def get_source_stamp(self) -> str:
        return sources()

    def ensure_cache_path(self) -> None:
        """Raise OSError where nothing is kept yet and nothing can be; forget what older versions kept."""
        folder = Path(self.get_cache_path())
        if not folder.is_dir():
            super().ensure_cache_path()  # type: ignore[misc]
            for old in folder.parent.glob("compiled-*"):
                if old != folder:
                    with suppress(OSError):
                        for file in old.iterdir():
                            file.unlink()
                        old.rmdir()


class _Chosen(_Versioned, caching.UserProvidedCacheLocator):
    pass


class _BesideSource(_Versioned, caching.InTreeCacheLocator):
    pass


class _OfUser(_Versioned, caching.UserWideCacheLocator):
    pass


class _Compilations(caching.CompileResultCacheImpl):
    _locator_classes = [_Chosen, _BesideSource, _OfUser]  # noqa: RUF012 (as declared by numba)


class _Cache(caching.FunctionCache):
    """What is kept of one function. A damaged file, or a disk that takes no more, costs time and nothing else."""

    _impl_class = _Compilations

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        numbas: Any = super()
        try:
            return numbas.load_overload(sig, target_context)
        except Exception:
            with suppress(OSError):
                numbas.flush()
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        numbas: Any = super()
        with suppress(OSError):
            numbas.save_overload(sig, data)
