"""Standard output that says what became of it: closed by its reader, or refused by the machine.

The libraries that print would end the program without a word, or leave the failure to the end of the process, where
nobody hears of it and the exit code is Python's own.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

CLOSED = 141
"""Exit code where the reader of standard output has gone: 128 and the number of the signal, as every shell has it."""


class OutputRefused(Exception):
    """What was printed did not arrive."""

    code = 1


class OutputClosed(OutputRefused):
    """Whoever read standard output has stopped reading."""

    code = CLOSED


class _Output(io.FileIO):
    """The file behind standard output. Its failures are no OSError, so that nobody on the way takes them for theirs."""

    def write(self, content: Any, /) -> int:
        try:
            return super().write(content) or 0
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise OutputClosed(
                    "standard output: whoever read it has stopped, so the rest is not printed. "
                    "Read it to its end, or send it to a file."
                ) from error
            raise OutputRefused(
                f"standard output: {os.strerror(error.errno or 0)}, so not all of it was printed. "
                "Make room where it goes, or send it elsewhere; what the command itself wrote is in its place."
            ) from error


@contextmanager
def checked_output() -> Iterator[None]:
    """Print through a standard output that is checked, to the last line. Raises OutputRefused, OutputClosed."""
    before = sys.stdout
    if before is None:  # closed before the program began
        raise OutputRefused(
            "standard output: closed, so nothing could be printed and nothing was done. Send it somewhere."
        )
    try:
        number = before.fileno()
    except (OSError, ValueError):  # a program has put something of its own in its place
        yield
        return
    before.flush()
    buffered = io.BufferedWriter(_Output(number, "w", closefd=False))
    sys.stdout = io.TextIOWrapper(
        buffered, encoding=before.encoding, errors=before.errors, line_buffering=bool(before.line_buffering)
    )
    try:
        yield
        sys.stdout.flush()
    except SystemExit:
        sys.stdout.flush()
        raise
    except OutputRefused:
        _swallow_the_rest(number)
        raise
    finally:
        with suppress(OutputRefused):
            sys.stdout.flush()
        sys.stdout = before


def _swallow_the_rest(number: int) -> None:
    """Send what still waits to be printed nowhere, so that the end of the process finds nothing amiss."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)
