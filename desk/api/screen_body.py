"""What is sent to have a customer screened: bodies with the columns of the declared input tables."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, create_model
from typing_extensions import TypeAliasType

from desk.api.schemas import Body, Id, LongText, Text
from screening.tables import CUSTOMERS, INPUTS, REQUEST_TABLES, Column, Table

Cell = TypeAliasType("Cell", Text | int | float | bool | None)
"""A cell of a table, read as the nightly job reads the same text in a file."""

ROWS_OF_TABLE = {"ownership": 2_000, "entities": 2_000}
"""How many rows of a table are taken, where it is not `MAX_ROWS`."""
MAX_ROWS = 500
EXAMPLES: dict[str, Any] = {
    "customer_id": "new-1",
    "name": "Cascadia Radio Holdings, Inc.",
    "country": "US",
    "ownership": [{"owner_id": "h", "owner_name": "Huawei", "owned_id": "new-1", "share_percent": "100"}],
}


class Row(BaseModel):
    """A row of an input table; columns of other names count where the configuration maps them to ours."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Cell]


def _customer_field(column: Column) -> tuple[Any, Any]:
    """Return type and description of a column of the customers file, as one value of a body."""
    about: dict[str, Any] = {"description": column.description}
    if column.name in EXAMPLES:
        about["examples"] = [EXAMPLES[column.name]]
    match column.kind:
        case "texts" | "countries":
            return list[Text], Field(default=[], max_length=50, **about)
        case "choice":
            kind: Any = Literal[column.choices]
        case "date":
            kind = date
        case _:
            kind = LongText if "address" in column.holds else Text
    if not column.needed:
        return kind | None, Field(default=None, **about)
    return Id if column.kind == "id" else Annotated[Text, Field(min_length=1)], Field(**about)


def _table_field(table: Table) -> tuple[Any, Any]:
    """Return type and description of the rows of an input table; what is read are plain dictionaries."""
    columns: dict[str, Any] = {
        column.name: (Cell, Field(default=None, description=column.description)) for column in table.columns
    }
    row = create_model(f"{table.name.capitalize()}Row", __base__=Row, __doc__=table.meaning, **columns)
    plain = AfterValidator(lambda sent: sent.model_dump(exclude_unset=True))
    about: dict[str, Any] = {"description": table.meaning}
    if table.name in EXAMPLES:
        about["examples"] = [EXAMPLES[table.name]]
    most = ROWS_OF_TABLE.get(table.name, MAX_ROWS)
    return list[Annotated[row, plain]], Field(default=[], max_length=most, **about)  # type: ignore[valid-type]


_customer: dict[str, Any] = {column.name: _customer_field(column) for column in CUSTOMERS.columns}
_tables: dict[str, Any] = {name: _table_field(INPUTS[name]) for name in REQUEST_TABLES}
_CustomerColumns = create_model("_CustomerColumns", __base__=Body, **_customer)
_Tables = create_model("_Tables", __base__=Body, **_tables)


class Customer(_CustomerColumns):  # type: ignore[valid-type, misc]
    """A customer, with the columns of the customers file."""


class ScreenBody(_Tables):  # type: ignore[valid-type, misc]
    """One customer with everything that is recorded of it; the tables have the columns of the input files."""

    customer: Customer
