"""What a compliance team decides: thresholds, floors, precautions, overrides and segments, as one frozen value.

It is checked when it is made, so that a typo never passes as a default. `pipelines.job.config` reads it from a file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from lists.schema import LIST_CODES, OPTIONAL_LISTS
from screening.errors import ScreeningError
from screening.law import PeriodOverride
from screening.law.periods import check_overrides, check_rules

T = TypeVar("T")


class Section(BaseModel):
    """A table of the file; unknown keys are errors, because a typo must not pass as a default."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Scores(Section):
    """From which score a pair is shown for review, and from which it is an alert; what is absent stays as it was."""

    review: float | None = Field(default=None, ge=0, le=1)
    alert: float | None = Field(default=None, ge=0, le=1)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.review is not None and self.alert is not None and self.review > self.alert:
            raise ValueError(f"review ({self.review}) must not be above alert ({self.alert})")
        return self


class Limit(Scores):
    """Scores for the parties of a list or of a type, for the customers of a segment, or for what fits all it names."""

    list: str | None = None
    party_type: Literal["person", "organization", "vessel", "aircraft", "unknown"] | None = None
    segment: str | None = None

    @field_validator("list")
    @classmethod
    def _existing_list(cls, value: str | None) -> str | None:
        check_lists([value] if value else [])
        return value


class Matching(Scores):
    """Score bands. Where they are absent, the measured thresholds of the matcher count, by party type.

    `limits` come after `review` and `alert`; of two that fit a pair the later one counts. Limits of a segment are for
    customers' own names: owners and related people may belong to customers of several segments.
    """

    limits: tuple[Limit, ...] = ()
    below: float = Field(default=0.1, ge=0, le=1, description="how far under review pairs are kept to sample")


class BelowLine(Section):
    """The daily sample of pairs just under the review score, for a person to review."""

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
    """Rules lifted to full weight although their status alone would give them less."""

    precautionary: tuple[str, ...] = ()

    @field_validator("precautionary")
    @classmethod
    def _existing_rules(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return _accepted(check_rules, value)


class Segment(Precaution):
    """A segment of the customers, by their column `segment`: the rules it lifts besides those lifted for all.

    Its score limits are among `matching.limits`. Counts by segment are made for the segments named here.
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
        """The overrides in the form that `screening.law` takes."""
        return tuple(PeriodOverride(**each.model_dump()) for each in self.overrides)


class Policy(Section):
    """Everything a screening is given beyond its frames: thresholds, floors, lifted rules, segments."""

    matching: Matching = Matching()
    below_line: BelowLine = BelowLine()
    ownership: Ownership = Ownership()
    rules: Rules = Rules()
    segments: tuple[Segment, ...] = ()

    @model_validator(mode="after")
    def _sound_segments(self) -> Self:
        """Refuse a segment named twice, and limits for one that is not named; each error at its own place."""
        names = [segment.name for segment in self.segments]
        configured = ", ".join(sorted(set(names))) or "none"
        errors = [
            _wrong("named twice", ("segments", at, "name"), name)
            for at, name in enumerate(names)
            if name in names[:at]
        ] + [
            _wrong(
                f"not among [[segments]]: {configured}", ("matching", "limits", at, "segment"), limit.segment
            )
            for at, limit in enumerate(self.matching.limits)
            if limit.segment not in (None, *names)
        ]
        if errors:
            raise ValidationError.from_exception_data("segments", errors)
        return self


def _wrong(text: str, place: tuple[str | int, ...], value: str | None) -> InitErrorDetails:
    return InitErrorDetails(
        type=PydanticCustomError("segment", "{text}", {"text": text}), loc=place, input=value
    )


def check_lists(codes: Sequence[str], choices: Sequence[str] = (*LIST_CODES, *OPTIONAL_LISTS)) -> None:
    """Raise ValueError for codes that are none of our lists, or none of the `choices`."""
    unknown = sorted(set(codes) - set(choices))
    if unknown:
        raise ValueError(f"unknown list {', '.join(unknown)}; known are {', '.join(choices)}")


def _accepted(check: Callable[[tuple[T, ...]], None], value: tuple[T, ...]) -> tuple[T, ...]:
    """Return the value if a check of `screening.law` accepts it; pydantic reports its message at the setting."""
    try:
        check(value)
    except ScreeningError as error:
        raise ValueError(str(error)) from error
    return value
