"""What becomes of a command whose output nobody reads, or nobody can keep."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

HEADWATER = [sys.executable, "-c", "from desk.cli import main; main()"]


def closed_pipe() -> int:
    reading, writing = os.pipe()
    os.close(reading)
    return writing


def full_disk() -> int:
    return os.open("/dev/full", os.O_WRONLY)


@pytest.mark.slow
@pytest.mark.parametrize("words", [("rules",), ("--help",), ("--log-json", "rules")])
@pytest.mark.parametrize(
    ("output", "code", "reason"),
    [(closed_pipe, 141, "has stopped"), (full_disk, 1, "No space left on device")],
)
def test_one_message_and_an_exit_code(
    output: Callable[[], int], code: int, reason: str, words: tuple[str, ...]
) -> None:
    number = output()
    done = subprocess.run([*HEADWATER, *words], stdout=number, stderr=subprocess.PIPE, text=True, check=False)
    os.close(number)
    assert done.returncode == code
    assert done.stderr.count("\n") == 1
    assert "standard output" in done.stderr
    assert reason in done.stderr


@pytest.mark.slow
def test_no_standard_output_at_all() -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", '"$@" >&-', "sh", *HEADWATER, "rules"],
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("error: standard output: closed")
    assert done.stderr.count("\n") == 1


def test_a_program_that_reads_the_output_itself_gets_all_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    from desk.cli.standard_output import checked_output

    with checked_output():
        print("one")
    print("two")
    assert capsys.readouterr().out == "one\ntwo\n"
