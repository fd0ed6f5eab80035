"""The configuration of a job: one TOML file, checked whole before anything runs.

Environment variables are not read: they would change a result without leaving a trace in the run's hash.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from lists.schema import LIST_CODES
from pipelines.errors import ConfigInvalid
from pipelines.hashing import value_hash
from screening.errors import ScreeningError
from screening.law import PeriodOverride
from screening.law.periods import check_overrides, check_rules

T = TypeVar("T")


class Section(BaseModel):
    """A table of the file; unknown keys are errors, because a typo must not pass as a default."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Columns(Section):
    """Our column names mapped to the file's, per input table."""

    customers: dict[str, str] = {}
    ownership: dict[str, str] = {}
    entities: dict[str, str] = {}
    activity: dict[str, str] = {}
    connections: dict[str, str] = {}
    transactions: dict[str, str] = {}
    answers: dict[str, str] = {}
    suppressions: dict[str, str] = {}
    renames: dict[str, str] = {}


class Limit(Section):
    """Scores for the parties of a list, of a type, or of both; what is not said stays as it is."""

    list: str | None = None
    party_type: Literal["person", "organization", "vessel", "aircraft", "unknown"] | None = None
    review: float | None = Field(default=None, ge=0, le=1)
    alert: float | None = Field(default=None, ge=0, le=1)

    @field_validator("list")
    @classmethod
    def _known_list(cls, value: str | None) -> str | None:
        _check_lists([value] if value else [])
        return value


class Matching(Section):
    """Score bands. Null takes the measured thresholds that ship with the matcher, per party type.

    `limits` come after `review` and `alert`; of two that fit a party the later one counts.
    """

    review: float | None = Field(default=None, ge=0, le=1)
    alert: float | None = Field(default=None, ge=0, le=1)
    limits: tuple[Limit, ...] = ()
    below: float = Field(default=0.1, ge=0, le=1, description="how far under review pairs are kept to sample")


class BelowLine(Section):
    """The daily sample of pairs just under the review score, for a person to judge."""

    pairs: int = Field(default=100, ge=0)
    seed: int = 0


class Ownership(Section):
    """Policy figures of the ownership test, in parts per million."""

    remainder_floor: int = Field(default=100_000, ge=0, le=1_000_000)
    join_by_name: bool = False


class Override(Section):
    """A decision of the compliance team that a rule has a status from one day on: who, when, on what ground."""

    rule_id: str
    status: str
    effective_from: date
    effective_to: date | None = None
    citation: str
    person: str
    recorded_on: date


class Rules(Section):
    """Rules lifted to full weight although their status alone would give less, and overrides of periods."""

    precautionary: tuple[str, ...] = ()
    overrides: tuple[Override, ...] = ()

    @field_validator("precautionary")
    @classmethod
    def _known_rules(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return _accepted(check_rules, value)

    @field_validator("overrides")
    @classmethod
    def _sound_overrides(cls, value: tuple[Override, ...]) -> tuple[Override, ...]:
        _accepted(check_overrides, tuple(PeriodOverride(**each.model_dump()) for each in value))
        return value

    @property
    def periods(self) -> tuple[PeriodOverride, ...]:
        """The overrides as the rules take them."""
        return tuple(PeriodOverride(**each.model_dump()) for each in self.overrides)


class Limits(Section):
    """When the job refuses to go on."""

    max_rows_set_aside: float = Field(default=0.01, ge=0, le=1, description="share of the customers file")


class Config(Section):
    """Everything a job can be told beyond its files."""

    columns: Columns = Columns()
    defaults: dict[str, dict[str, str]] = {}
    lists: tuple[str, ...] = ()
    matching: Matching = Matching()
    below_line: BelowLine = BelowLine()
    ownership: Ownership = Ownership()
    rules: Rules = Rules()
    limits: Limits = Limits()

    @field_validator("lists")
    @classmethod
    def _known_lists(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        _check_lists(value)
        return value

    @property
    def sha256(self) -> str:
        """Hash of the settings as they apply, defaults included."""
        return value_hash(self.model_dump(mode="json"))


def _check_lists(codes: Sequence[str]) -> None:
    unknown = sorted(set(codes) - set(LIST_CODES))
    if unknown:
        raise ValueError(f"unknown list {', '.join(unknown)}; known are {', '.join(LIST_CODES)}")


def _accepted(check: Callable[[tuple[T, ...]], None], value: tuple[T, ...]) -> tuple[T, ...]:
    """Return the value if the check of the rules' room accepts it; its complaint becomes the setting's."""
    try:
        check(value)
    except ScreeningError as error:
        raise ValueError(str(error)) from error
    return value


def load_config(path: Path | None) -> Config:
    """Read the configuration; no path means all defaults. Raises ConfigInvalid with every error and its line.

    >>> load_config(None).ownership.remainder_floor
    100000
    """
    if path is None:
        return Config()
    try:
        text = path.read_text(encoding="utf-8")
        return Config.model_validate(tomllib.loads(text))
    except FileNotFoundError as error:
        raise ConfigInvalid(f"{path}: no such file. Check the path given as --config.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigInvalid(f"{path.name}: not valid TOML.", [str(error)]) from error
    except ValidationError as error:
        problems = [_explain(problem, text) for problem in error.errors()]
        raise ConfigInvalid(f"{path.name}: {len(problems)} setting(s) cannot be used.", problems) from error


def _explain(problem: Any, text: str) -> str:
    """Say where a setting stands, what is wrong with it and what is allowed."""
    where = ".".join(str(part) for part in problem["loc"])
    message = "no such setting" if problem["type"] == "extra_forbidden" else str(problem["msg"])
    return f"line {_line_of(problem['loc'], text)}: {where}: {message}"


def _line_of(location: Sequence[str | int], text: str) -> str:
    """Find the line of a key by following its tables; "?" where it cannot be told."""
    lines = text.splitlines()
    start, names = 0, [part for part in location if isinstance(part, str)]
    header = f"[{'.'.join(names[:-1])}]"
    for number, line in enumerate(lines):
        if line.strip() == header:
            start = number
    for number, line in enumerate(lines[start:], start + 1):
        if names and line.split("=")[0].strip().strip('"[]') in (names[-1], ".".join(names)):
            return str(number)
    return str(start + 1) if start else "?"
