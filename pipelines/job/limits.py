"""When a job refuses to go on: bounds of what may be lost of its inputs."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator

from screening.policy import Section
from screening.tables.inputs import INPUTS

Share = Annotated[float, Field(ge=0, le=1)]
Rows = Annotated[int, Field(ge=0)]
_READ_FROM_RECORDS = ("ownership", "entities")
"""Tables whose files may be of a layout with other columns than ours."""


class Limits(Section):
    """When the job refuses to go on; `values_ignored` and `joined` name bounds of their own for columns and tables."""

    max_rows_set_aside: Share = Field(default=0.01, description="share of the customers file")
    max_other_rows_set_aside: Share = Field(default=0.25, description="share of any other table")
    max_values_ignored: Share = Field(default=0.05, description="share of a column's filled values")
    min_joined: Rows = Field(default=1, description="rows of each further file that join a customer")
    values_ignored: dict[str, dict[str, Share]] = Field(
        default_factory=dict, description="table, column: share"
    )
    joined: dict[str, Rows] = Field(default_factory=dict, description="table: rows")

    @field_validator("values_ignored")
    @classmethod
    def _existing_columns(cls, value: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
        for name, columns in value.items():
            _check_table(name)
            unknown = sorted(set(columns) - set(INPUTS[name].names))
            if unknown and name not in _READ_FROM_RECORDS:
                raise ValueError(
                    f"{name} has no column {', '.join(unknown)}; it has {', '.join(INPUTS[name].names)}"
                )
        return value

    @field_validator("joined")
    @classmethod
    def _existing_tables(cls, value: dict[str, int]) -> dict[str, int]:
        for name in value:
            _check_table(name)
        return value

    def share_ignored(self, table: str, column: str) -> float:
        """Return the share of a column's filled values that may be ignored.

        >>> Limits(values_ignored={"customers": {"country": 0.5}}).share_ignored("customers", "country")
        0.5
        """
        return self.values_ignored.get(table, {}).get(column, self.max_values_ignored)

    def rows_joined(self, table: str) -> int:
        """Return how many rows of a file of the table must join a customer."""
        return self.joined.get(table, self.min_joined)


def _check_table(name: str) -> None:
    if name not in INPUTS:
        raise ValueError(f"no such table {name!r}; there are {', '.join(INPUTS)}")
