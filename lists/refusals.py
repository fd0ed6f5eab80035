"""What the machine refuses, in words: which file or folder, why, and what to do about it.

Every package turns such refusals into an error of its own tree at its doors, by the one function here; so no door has
words of its own for a full disk or a folder that may not be written.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""The disk is full, a quota is used up, or a file would be larger than it may be."""

_ADVICE = {
    **dict.fromkeys(NO_ROOM, "Make room, or name a place on another disk, and start again."),
    **dict.fromkeys(
        (errno.EACCES, errno.EPERM), "Give the user of this program the right to it, or name another place."
    ),
    errno.EROFS: "Name a place that can be written.",
    errno.ENOENT: "Check the path: it, or a folder on the way to it, is not there.",
    errno.ENOTDIR: "Check the path: a part of it is a file and no folder.",
    errno.EISDIR: "Check the path: a file was to be named, and this is a folder.",
    errno.EEXIST: "A file stands where a folder was to be made: move it, or name another place.",
    errno.ELOOP: "The symbolic link leads back to itself: name the file or folder itself.",
    errno.ENAMETOOLONG: "Give it a shorter name.",
    errno.EMFILE: "Raise the number of files that a process may have open (ulimit -n).",
    errno.EIO: "The disk or the connection to it fails: copy what can be read, and check it.",
}
_ANY_ADVICE = "Check the path and the disk, and start again."


def describe(refusal: OSError, where: Path | None = None) -> str:
    """Say what was refused, where and what to do.

    where: the file or folder in question, for a refusal that names none.

    >>> describe(FileNotFoundError(2, "No such file or directory", "lists/sdn.csv"))
    'lists/sdn.csv: No such file or directory. Check the path: it, or a folder on the way to it, is not there.'
    """
    number, why = _reason(refusal)
    named = [os.fsdecode(name) for name in (refusal.filename, refusal.filename2) if name is not None]
    place = " and ".join(named) or (str(where) if where else "")
    return f"{place}{': ' if place else ''}{why.rstrip('.')}. {_ADVICE.get(number, _ANY_ADVICE)}"


def is_no_room(error: Exception) -> bool:
    """Tell whether an error of a library says that there is no room on the disk.

    >>> is_no_room(ValueError("No space left on device (os error 28)")), is_no_room(OSError(errno.EIO, "broken"))
    (True, False)
    """
    number = error.errno if isinstance(error, OSError) and error.errno else _number_in(str(error))
    return number in NO_ROOM or os.strerror(errno.ENOSPC) in str(error)


def _reason(refusal: OSError) -> tuple[int, str]:
    """Return the number of a refusal, or 0, and the reason; libraries in Rust write the number into the text."""
    if refusal.errno:
        return refusal.errno, os.strerror(refusal.errno)
    text = str(refusal) or type(refusal).__name__
    return _number_in(text), text


def _number_in(text: str) -> int:
    found = re.search(r"\(os error (\d+)\)", text)
    return int(found[1]) if found else 0


@contextmanager
def refusals_as(error: type[Exception], where: Path | None = None) -> Iterator[None]:
    """Raise `error` for what the machine refuses while the block, or the function that this decorates, runs.

    >>> with refusals_as(ValueError):
    ...     raise OSError(errno.EROFS, "", "lists")
    Traceback (most recent call last):
    ValueError: lists: Read-only file system. Name a place that can be written.
    """
    try:
        yield
    except BrokenPipeError:
        raise  # whoever reads has gone; no file is in question
    except OSError as refusal:
        raise error(describe(refusal, where)) from refusal
