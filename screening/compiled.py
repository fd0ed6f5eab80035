"""Functions compiled by numba and cached on disk, where no code ever meets another version's compilation.

numba's own cache looks at the file of a function alone. After a change in another file, of a function that it calls
or of a type that it takes, it would run the old code, or fail to read what it cached. Here the folder is named by a
hash of all compiled sources, below the place that numba chooses: NUMBA_CACHE_DIR, else next to the sources, else the
user's cache. Without a folder to write to, functions are compiled anew in each process. Nothing is ever deleted here;
`pipelines.compiled_cache` removes the folders of older versions.

With NUMBA_DISABLE_JIT=1 the functions run as plain Python, so that a debugger can step through them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from functools import cache, wraps
from importlib.resources import files
from typing import Any

import numba
import numpy as np
from numba.core import caching

PACKAGES = ("screening.names", "screening.matching")
"""Where compiled functions, and the types they take, may stand."""
TABLES = ("data/names/features.csv",)
"""Files of `screening` from which compiled functions take constants."""
FOLDER = "compiled-"
"""How the name of a version's folder begins; a hash follows."""

_functions: list[Any] = []
_config: Any = numba.config


def compiled(function: Callable[..., Any]) -> Any:
    """Compile a function on its first call, without Python objects, so that threads run it side by side.

    >>> @compiled
    ... def double(number):
    ...     return 2 * number
    >>> double(21)
    42
    """
    if _config.DISABLE_JIT:
        return _interpreted(function)
    dispatcher: Any = numba.njit(nogil=True)(function)
    with suppress(RuntimeError):  # there is nowhere to write
        make_cache: Any = _Cache
        dispatcher._cache = make_cache(function)
        _functions.append(dispatcher)
    return dispatcher


def threads() -> int:
    """Return how many threads compiled code may use: the cores of this process, or NUMBA_NUM_THREADS."""
    return int(_config.NUMBA_NUM_THREADS)


def cache_folders() -> frozenset[str]:
    """Return the folders in which the functions compiled so far are cached, all of this version."""
    return frozenset(str(function._cache.cache_path) for function in _functions)


@cache
def version() -> str:
    """Return a hash over every source file of the packages with compiled functions, and the tables they read."""
    digest = hashlib.sha256()
    for package in PACKAGES:
        top, *below = package.split(".")  # to ask for the package itself would import it, and so us again
        for file in sorted(files(top).joinpath(*below).iterdir(), key=lambda file: file.name):
            if file.name.endswith(".py"):
                content = file.read_bytes()
                digest.update(f"{package}/{file.name} {len(content)}\n".encode() + content)
    for table in TABLES:
        content = files("screening").joinpath(table).read_bytes()
        digest.update(f"{table} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:16]


def _interpreted(function: Callable[..., Any]) -> Callable[..., Any]:
    """Run a function as plain Python; numbers wrap around silently, as compiled ones do."""

    @wraps(function)
    def call(*arguments: Any) -> Any:
        with np.errstate(over="ignore"):
            return function(*arguments)

    return call


class _VersionFolder:
    """A place of numba's choice, and in it a folder of this version's own."""

    def get_cache_path(self) -> str:
        return f"{super().get_cache_path()}/{FOLDER}{version()}"  # type: ignore[misc]

    def get_source_stamp(self) -> str:
        return version()

    def ensure_cache_path(self) -> None:
        """Raise OSError where nothing is cached yet and nothing can be. A read-only installation may bring a cache."""
        marker = f"{self.get_cache_path()}/version"
        try:
            with open(marker):  # noqa: PTH123 (this floor knows no paths, numba gives it a text)
                return
        except OSError:
            super().ensure_cache_path()  # type: ignore[misc]
        with open(marker, "w") as file:  # noqa: PTH123
            file.write(version())


class _ConfiguredFolder(_VersionFolder, caching.UserProvidedCacheLocator):
    pass


class _SourceFolder(_VersionFolder, caching.InTreeCacheLocator):
    pass


class _UserFolder(_VersionFolder, caching.UserWideCacheLocator):
    pass


class _CacheFiles(caching.CompileResultCacheImpl):
    _locator_classes = [_ConfiguredFolder, _SourceFolder, _UserFolder]  # noqa: RUF012 (as declared by numba)


class _Cache(caching.FunctionCache):
    """The cache of one function. A damaged file, or a disk that takes no more, costs time and nothing else."""

    _impl_class = _CacheFiles

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        base: Any = super()
        try:
            return base.load_overload(sig, target_context)
        except Exception:
            with suppress(OSError):
                base.flush()
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        base: Any = super()
        with suppress(OSError):
            base.save_overload(sig, data)
