"""The configuration of a job: one TOML file, checked whole before anything runs.

Environment variables are not read: they would change a result without leaving a trace in the run's hash.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import (
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from lists.schema import OPTIONAL_LISTS
from pipelines.errors import ConfigInvalid
from pipelines.hashing import value_hash
from pipelines.inputs.mapping import fault
from pipelines.job.config_lines import Place, setting_lines
from pipelines.job.limits import Limits
from screening.policy import Policy, Section, check_lists
from screening.tables.inputs import INPUTS

T = TypeVar("T")
Located = str | tuple[str, ...] | dict[str, str | tuple[str, ...]]

_WITH_DEFAULTS = tuple(name for name in INPUTS if name not in ("ownership", "entities"))
"""The tables in which defaults fill what is blank."""


def _check_columns(name: str, given: Mapping[str, object]) -> None:
    """Raise ValueError for columns that the input table does not have."""
    ours = INPUTS[name].names
    unknown = sorted(set(given) - set(ours))
    if unknown:
        raise ValueError(f"{name} has no column {', '.join(unknown)}; it has {', '.join(ours)}")


class Columns(Section):
    """Our column names mapped to the file's, per input table.

    Of the file: one column, several that are joined, or type of number -> columns.
    """

    customers: dict[str, Located] = Field(default_factory=dict)
    ownership: dict[str, Located] = Field(default_factory=dict)
    entities: dict[str, Located] = Field(default_factory=dict)
    activity: dict[str, Located] = Field(default_factory=dict)
    connections: dict[str, Located] = Field(default_factory=dict)
    transactions: dict[str, Located] = Field(default_factory=dict)
    answers: dict[str, Located] = Field(default_factory=dict)
    licences: dict[str, Located] = Field(default_factory=dict)
    watchlists: dict[str, Located] = Field(default_factory=dict)
    suppressions: dict[str, Located] = Field(default_factory=dict)
    renames: dict[str, Located] = Field(default_factory=dict)

    @field_validator("*")
    @classmethod
    def _check_columns(cls, value: dict[str, Located], field: ValidationInfo) -> dict[str, Located]:
        assert field.field_name is not None
        _check_columns(field.field_name, value)
        table = INPUTS[field.field_name]
        faults = filter(None, (fault(table, name, source) for name, source in value.items()))
        if wrong := next(faults, None):
            raise ValueError(wrong)
        return value


class Config(Policy):
    """Every setting of a job."""

    columns: Columns = Columns()
    defaults: dict[str, dict[str, str]] = Field(default_factory=dict)
    lists: tuple[str, ...] = ()
    optional_lists: tuple[str, ...] = ()
    required_lists: tuple[str, ...] = ()
    max_list_age_days: int | None = Field(default=None, ge=0)
    limits: Limits = Limits()
    encoding: dict[str, str] = Field(default_factory=dict)

    @field_validator("encoding")
    @classmethod
    def _check_encoding(cls, value: dict[str, str]) -> dict[str, str]:
        check_encodings(value)
        return value

    @field_validator("defaults")
    @classmethod
    def _check_defaults(cls, value: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        for name, filled in value.items():
            if name not in _WITH_DEFAULTS:
                raise ValueError(f"no such table {name!r}; there are {', '.join(_WITH_DEFAULTS)}")
            _check_columns(name, filled)
        return value

    @field_validator("lists", "required_lists")
    @classmethod
    def _check_lists(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        check_lists(value)
        return value

    @field_validator("optional_lists")
    @classmethod
    def _check_optional_lists(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        check_lists(value, OPTIONAL_LISTS)
        return value

    @property
    def sha256(self) -> str:
        """Hash of the settings as they apply, defaults included."""
        return value_hash(self.model_dump(mode="json"))


def check_encodings(encodings: Mapping[str, str]) -> None:
    """Raise ValueError for a table that is none of ours, or an encoding of text that there is not."""
    for name, encoding in encodings.items():
        if name not in INPUTS:
            raise ValueError(f"no such table {name!r}; there are {', '.join(INPUTS)}")
        try:
            "".encode(encoding)
        except (LookupError, ValueError) as error:
            raise ValueError(
                f"no such encoding {encoding!r}; for example utf-8, cp1252, cp1251, gb18030"
            ) from error


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
        lines = setting_lines(text)
        problems = [_explain(problem, lines, path.name) for problem in error.errors()]
        raise ConfigInvalid(f"{path.name}: {len(problems)} setting(s) cannot be used.", problems) from error


def _explain(problem: Any, lines: Mapping[Place, int], file: str) -> str:
    """Write one error: file and line of the setting, its name, what is wrong and what is allowed."""
    place = tuple(problem["loc"])
    near = next((lines[place[:end]] for end in range(len(place), 0, -1) if place[:end] in lines), 1)
    message = "no such setting" if problem["type"] == "extra_forbidden" else str(problem["msg"])
    return f"{file}:{near}: {'.'.join(map(str, place))}: {message.removeprefix('Value error, ')}"
