"""The configuration of a job: one TOML file, checked whole before anything runs.

Environment variables are not read: they would change a result without leaving a trace in the run's hash.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from lists.schema import LIST_CODES
from pipelines.configlines import Place, lines_of
from pipelines.errors import ConfigInvalid
from pipelines.hashing import value_hash
from pipelines.inputs.contracts import CONTRACTS
from screening.errors import ScreeningError
from screening.law import PeriodOverride
from screening.law.periods import check_overrides, check_rules

T = TypeVar("T")


def _check_columns(name: str, given: Mapping[str, str]) -> None:
    """Raise ValueError for columns that are none of ours."""
    ours = [column.name for column in CONTRACTS[name].columns]
    unknown = sorted(set(given) - set(ours))
    if unknown:
        raise ValueError(f"{name} has no column {', '.join(unknown)}; it has {', '.join(ours)}")


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
    licences: dict[str, str] = {}
    watchlists: dict[str, str] = {}
    suppressions: dict[str, str] = {}
    renames: dict[str, str] = {}

    @field_validator("*")
    @classmethod
    def _known_columns(cls, value: dict[str, str], field: ValidationInfo) -> dict[str, str]:
        if field.field_name in CONTRACTS:
            _check_columns(field.field_name, value)
        return value


class Scores(Section):
    """From which score on a pair is looked at, and from which on it is an alert; absent is as it was."""

    review: float | None = Field(default=None, ge=0, le=1)
    alert: float | None = Field(default=None, ge=0, le=1)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.review is not None and self.alert is not None and self.review > self.alert:
            raise ValueError(f"review ({self.review}) must not be above alert ({self.alert})")
        return self


class Limit(Scores):
    """Scores for the parties of a list or of a type, for customers of a segment, or for what fits all it names."""

    list: str | None = None
    party_type: Literal["person", "organization", "vessel", "aircraft", "unknown"] | None = None
    segment: str | None = None

    @field_validator("list")
    @classmethod
    def _known_list(cls, value: str | None) -> str | None:
        _check_lists([value] if value else [])
        return value


class Matching(Scores):
    """Score bands. Absent takes the measured thresholds that ship with the matcher, per party type.

    `limits` come after `review` and `alert`; of two that fit a pair the later one counts. Owners and people around
    customers of several segments belong to none: limits of a segment are for customers' own names.
    """

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


class Precaution(Section):
    """Rules lifted to full weight although their status alone would give less."""

    precautionary: tuple[str, ...] = ()

    @field_validator("precautionary")
    @classmethod
    def _known_rules(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return _accepted(check_rules, value)


class Segment(Precaution):
    """A segment of the customers, by their column `segment`: rules that it lifts beside those lifted for all.

    Its scores are among `matching.limits`. What is counted by segment is counted for those named here.
    """

    name: str = Field(min_length=1)


class Rules(Precaution):
    """Precautionary rules, and overrides of periods."""

    overrides: tuple[Override, ...] = ()

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
    max_other_rows_set_aside: float = Field(default=0.25, ge=0, le=1, description="share of any other table")


class Config(Section):
    """Everything a job can be told beyond its files."""

    columns: Columns = Columns()
    defaults: dict[str, dict[str, str]] = {}
    lists: tuple[str, ...] = ()
    matching: Matching = Matching()
    below_line: BelowLine = BelowLine()
    ownership: Ownership = Ownership()
    rules: Rules = Rules()
    segments: tuple[Segment, ...] = ()
    limits: Limits = Limits()

    @model_validator(mode="after")
    def _sound_segments(self) -> Self:
        """Refuse a segment named twice, and limits for one that is not named; each error at its own place."""
        names = [segment.name for segment in self.segments]
        known = ", ".join(sorted(set(names))) or "none"
        errors = [
            _wrong("named twice", ("segments", at, "name"), name)
            for at, name in enumerate(names)
            if name in names[:at]
        ] + [
            _wrong(f"not among [[segments]]: {known}", ("matching", "limits", at, "segment"), limit.segment)
            for at, limit in enumerate(self.matching.limits)
            if limit.segment not in (None, *names)
        ]
        if errors:
            raise ValidationError.from_exception_data("segments", errors)
        return self

    @field_validator("defaults")
    @classmethod
    def _known_defaults(cls, value: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        for name, filled in value.items():
            if name not in CONTRACTS:
                raise ValueError(f"no such table {name!r}; there are {', '.join(CONTRACTS)}")
            _check_columns(name, filled)
        return value

    @field_validator("lists")
    @classmethod
    def _known_lists(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        _check_lists(value)
        return value

    @property
    def sha256(self) -> str:
        """Hash of the settings as they apply, defaults included."""
        return value_hash(self.model_dump(mode="json"))


def _wrong(text: str, place: Place, value: str | None) -> InitErrorDetails:
    return InitErrorDetails(
        type=PydanticCustomError("segment", "{text}", {"text": text}), loc=place, input=value
    )


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
    """Read the configuration; no path means all defaults. Raises ConfigInvalid with every error, its file and line.

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
    except OSError as error:
        raise ConfigInvalid(f"{path}: cannot be read ({error.strerror}).") from error
    except ValidationError as error:
        lines = lines_of(text)
        problems = [_explain(problem, lines, path.name) for problem in error.errors()]
        raise ConfigInvalid(f"{path.name}: {len(problems)} setting(s) cannot be used.", problems) from error


def _explain(problem: Any, lines: Mapping[Place, int], file: str) -> str:
    """Say where a setting stands, what is wrong with it and what is allowed."""
    place = tuple(problem["loc"])
    near = next((lines[place[:end]] for end in range(len(place), 0, -1) if place[:end] in lines), 1)
    message = "no such setting" if problem["type"] == "extra_forbidden" else str(problem["msg"])
    return f"{file}:{near}: {'.'.join(map(str, place))}: {message.removeprefix('Value error, ')}"
