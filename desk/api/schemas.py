"""What callers send and get, with examples; the OpenAPI description is made from these."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    create_model,
)
from typing_extensions import TypeAliasType

from screening.tables import CUSTOMERS, INPUTS, REQUEST_TABLES, Column, Table


def _storable(text: str) -> str:
    """Refuse what no database and no file can hold: NUL and lone surrogates."""
    if "\x00" in text or any(0xD800 <= ord(char) <= 0xDFFF for char in text):
        raise ValueError("holds a NUL or half a character")
    return text


Text = Annotated[str, StringConstraints(max_length=1_000), AfterValidator(_storable)]
LongText = Annotated[str, StringConstraints(max_length=10_000), AfterValidator(_storable)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=500), AfterValidator(_storable)]

Words = Annotated[str, StringConstraints(max_length=500), AfterValidator(_storable)]

FormDay = Annotated[date | None, BeforeValidator(lambda given: given or None)]
"""A day of a form, where an empty field says none."""


class Body(BaseModel):
    """A body; unknown fields are errors, because a typo must not pass as a default."""

    model_config = ConfigDict(extra="forbid")


class EntityQuery(BaseModel):
    """An entity to look for, in the vocabulary of FollowTheMoney; properties that we do not compare are ignored."""

    schema_: str = Field(default="LegalEntity", alias="schema", max_length=100, examples=["Company"])
    properties: dict[str, list[Text] | Text] = Field(
        max_length=100, examples=[{"name": ["Huawei Jishu Youxian Gongsi"], "country": ["cn"]}]
    )
    id: Text | None = None


class MatchBody(BaseModel):
    """Queries by id."""

    queries: dict[Id, EntityQuery] = Field(
        examples=[{"q1": {"schema": "Company", "properties": {"name": ["Huawei Jishu Youxian Gongsi"]}}}]
    )


class Evidence(BaseModel):
    """One thing compared as well as the name; its weight is in log odds, for (above 0) or against the match."""

    kind: str
    verdict: Literal["agrees", "contradicts", "open", "missing"]
    weight: float
    text: str


class MatchResult(BaseModel):
    """A party that the query may be. `score` is a calibrated probability, `match` whether it is an alert."""

    id: str
    caption: str
    schema_: str = Field(alias="schema")
    properties: dict[str, list[str]]
    datasets: list[str]
    target: bool
    score: float
    match: bool
    features: dict[str, float]
    evidence: list[Evidence]
    matched_name: str
    query_name: str


class MatchTotal(BaseModel):
    """How many results there are."""

    value: int
    relation: Literal["eq"] = "eq"


class MatchAnswer(BaseModel):
    """The answer to one query."""

    status: int
    results: list[MatchResult]
    total: MatchTotal
    query: dict[str, Any]


class MatchAnswers(BaseModel):
    """The answers by query id, and the lists that were looked at."""

    responses: dict[str, MatchAnswer]
    limit: int
    as_of: date
    lists: dict[str, date]


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


class Finding(BaseModel):
    """One rule's outcome: why, under which status of the rule that day, with which evidence, and what to ask."""

    rule_id: str
    outcome: str
    rule_status: str
    severity: int
    recommendation: str
    reason: str
    evidence: str | None
    question: str | None


class TableUsed(BaseModel):
    """Rows of one table: those that were sent, and those of the server's book that were added."""

    table: str
    sent: int
    from_book: int


class Namesake(BaseModel):
    """An entity of the server's book that is called like somebody sent, and was not taken for them."""

    entity_id: str
    name: str
    country: str | None


class InputsUsed(BaseModel):
    """What the answer rests on. `customer_in_book`: customers of the book who are the one sent, by id or identifier."""

    book: bool
    customer_in_book: list[str]
    filled_from_book: list[str]
    tables: list[TableUsed]
    alike_in_book: list[Namesake]


class ScreenAnswer(BaseModel):
    """What screening one customer found. Nothing found never means cleared: see `statement` and `not_checked`."""

    customer_id: str
    case_id: str
    as_of: date
    recommendation: str | None
    severity: int
    statement: str
    findings: list[Finding]
    matches: list[dict[str, Any]]
    restricted: list[dict[str, Any]]
    questions: list[str]
    not_checked: list[str]
    lists: dict[str, date]
    inputs: InputsUsed
    warnings: list[str]


class Versioned(Body):
    """A step on the version of a case that somebody read; it is refused when the case changed since."""

    version: int = Field(ge=0, le=2**31 - 1, examples=[1])


class MoveBody(Versioned):
    """Take a case to another state."""

    to: Text = Field(examples=["false_positive"])
    reason: LongText = Field(
        default="", examples=["Another company of the same name: registered in 1962 in Oregon."]
    )


class ReasonBody(Versioned):
    """Agree to, or turn down, a proposal."""

    reason: LongText = ""


class AssignBody(Versioned):
    """Give a case to somebody, or to nobody."""

    assignee: Annotated[Text, Field(max_length=80)] | None = Field(examples=["analyst"])


class NoteBody(Body):
    """A note on a case."""

    text: Annotated[LongText, Field(min_length=1)] = Field(
        examples=["Asked the customer for its register extract."]
    )


class DueBody(Versioned):
    """Move the due day."""

    due_on: date
    reason: LongText


class HoldBody(Versioned):
    """Set or lift a legal hold, or mark property as blocked or not."""

    what: Literal["legal_hold", "blocked_property"]
    on: bool
    reason: LongText


class UserBody(Body):
    """A new user."""

    name: Annotated[Text, Field(min_length=1, max_length=80)] = Field(examples=["ann"])
    role: Literal["viewer", "analyst", "approver", "admin"]
    password: Annotated[str, StringConstraints(min_length=12, max_length=200), AfterValidator(_storable)]


class TokenBody(Body):
    """A new token for programs."""

    user: Annotated[Text, Field(min_length=1, max_length=80)]
    label: Annotated[Text, Field(min_length=1, max_length=80)] = Field(examples=["nightly job"])
    days: int = Field(default=365, ge=1, le=730)
