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
)


def _storable(text: str) -> str:
    """Refuse what no database and no file can hold: NUL and lone surrogates."""
    if "\x00" in text or any(0xD800 <= ord(char) <= 0xDFFF for char in text):
        raise ValueError("holds a NUL or half a character")
    return text


def _as_texts(properties: object) -> object:
    """Let values be absent, or numbers in a list, as other programs of this vocabulary do."""
    if not isinstance(properties, dict):
        return properties
    return {
        name: [_as_text(value) for value in values if value is not None]
        if isinstance(values, list)
        else values
        for name, values in properties.items()
        if values is not None
    }


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


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
    properties: Annotated[dict[str, list[Text] | Text], BeforeValidator(_as_texts)] = Field(
        max_length=100, examples=[{"name": ["Huawei Jishu Youxian Gongsi"], "country": ["cn"]}]
    )
    id: Text | None = None


class MatchBody(BaseModel):
    """Queries by id. Further fields, which other servers of this dialect take, are named in the answer and ignored."""

    model_config = ConfigDict(extra="allow")
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
    name_kind: str | None = None  # what it is in its field; behind c/o it is a lead, and no match


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
    warnings: list[str] = Field(
        default=[], description="Values that were not compared as they were sent, and why."
    )
    ignored: list[str] = Field(default=[], description="Properties that are not compared.")


class MatchAnswers(BaseModel):
    """The answers by query id, and the lists that were looked at."""

    responses: dict[str, MatchAnswer]
    limit: int
    as_of: date
    lists: dict[str, date]
    warnings: list[str] = Field(default=[], description="What of the call itself was not used, and why.")


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
