"""Names against the lists: one call with many queries, or a stream with one query a line."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import date
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from desk.api.day_lists import ListDay
from desk.api.desk import Desk, get_desk
from desk.api.entity_query import unknown_parameters
from desk.api.identity import ScreeningUser
from desk.api.matching import check_queries, dataset_lists, lists_used, match_queries
from desk.api.problems import Problem
from desk.api.schemas import EntityQuery, MatchAnswers, MatchBody

router = APIRouter(tags=["screening"])
Limit = Annotated[int, Query(ge=1, le=100, description="Best so many parties a query.")]
Score = Annotated[float, Query(ge=0, le=1)]
MaybeScore = Annotated[
    float | None, Query(ge=0, le=1, description="Alert from this score on; default: as measured.")
]
AT_ONCE = 256
PARAMETERS = ("limit", "threshold", "cutoff", "as_of")


@router.post(
    "/match/bulk",
    summary="Match a stream of entities",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/x-ndjson": {"schema": {"type": "string"}}}}},
    openapi_extra={
        "requestBody": {"required": True, "content": {"application/x-ndjson": {"schema": {"type": "string"}}}}
    },
)
async def bulk(
    request: Request, person: ScreeningUser, limit: Limit = 5, threshold: MaybeScore = None, cutoff: Score = 0.5,
    as_of: date | None = None,
) -> StreamingResponse:  # fmt: skip
    """One query a line (`{"id": ..., "schema": ..., "properties": ...}`), one answer a line, in the same order.

    A line that cannot be used is answered with its fault; the others go on.
    """
    desk = get_desk(request)
    day = await run_in_threadpool(desk.data.lists_on, as_of)
    spool = SpooledTemporaryFile(max_size=1 << 20)  # noqa: SIM115 - closed by the generator
    async for chunk in request.stream():
        await run_in_threadpool(spool.write, chunk)
    spool.seek(0)
    return StreamingResponse(
        _answers(spool, desk, day, limit, threshold, cutoff), media_type="application/x-ndjson"
    )


@router.post("/match", response_model=MatchAnswers, summary="Match entities against the lists")
@router.post(
    "/match/{dataset}", response_model=MatchAnswers, summary="Match entities against one list, or `default`"
)
def match(
    request: Request, person: ScreeningUser, body: MatchBody, dataset: str = "default", limit: Limit = 5,
    threshold: MaybeScore = None, cutoff: Score = 0.5, as_of: date | None = None,
) -> Response:  # fmt: skip
    """Look entities up by name, in the shape that yente's clients send. A score is a lead, not an answer."""
    desk = get_desk(request)
    check_queries(body.queries, desk.settings.limits.queries)
    day = desk.data.lists_on(as_of)
    responses = match_queries(day, body.queries, limit, threshold, cutoff, dataset_lists(dataset))
    _refuse_empty(responses)
    answer = {
        "responses": responses, "limit": limit, "as_of": day.as_of, "lists": lists_used(day),
        "warnings": _unused(request, body),
    }  # fmt: skip
    return Response(orjson.dumps(answer), media_type="application/json")


def _refuse_empty(responses: Mapping[str, Mapping[str, Any]]) -> None:
    """Raise Problem 422 where a query holds nothing to look at: an answer without results would read as a clean one."""
    faults = [
        {"where": f"queries.{key}"[:300], "what": answer["detail"][:1000]}
        for key, answer in responses.items()
        if answer["status"] != 200
    ]
    if faults:
        first = faults[0]
        raise Problem(
            422, f"{len(faults)} of {len(responses)}: {first['where']}: {first['what']}", faults[:50]
        )


def _unused(request: Request, body: MatchBody) -> list[str]:
    """Say which parameters and fields of a call we do not know, such as those of other servers of this dialect."""
    fields = [f"field {name[:80]!r} is not known: ignored." for name in body.model_extra or {}]
    return [*unknown_parameters(request.query_params, PARAMETERS), *fields]


async def _answers(
    spool: Any, desk: Desk, day: ListDay, limit: int, threshold: float | None, cutoff: float
) -> AsyncIterator[bytes]:
    numbered = enumerate(_lines(spool, desk.settings.limits.line_bytes), start=1)
    with spool:
        while batch := await run_in_threadpool(lambda: list(islice(numbered, AT_ONCE))):
            yield await run_in_threadpool(_batch, batch, day, limit, threshold, cutoff)


def _lines(spool: Any, longest: int) -> Iterator[bytes]:
    """Yield the lines, none longer than one byte over what is allowed."""
    while line := spool.readline(longest + 1):
        if len(line) > longest and not line.endswith(b"\n"):
            while (rest := spool.readline(longest)) and not rest.endswith(b"\n"):
                pass
        if line.strip():
            yield line


def _batch(
    batch: list[tuple[int, bytes]], day: ListDay, limit: int, threshold: float | None, cutoff: float
) -> bytes:
    queries: dict[str, EntityQuery] = {}
    faults: dict[str, str] = {}
    for number, line in batch:
        try:
            queries[str(number)] = EntityQuery.model_validate(orjson.loads(line))
        except (orjson.JSONDecodeError, ValidationError) as error:
            faults[str(number)] = str(error).splitlines()[0][:200]
    answers = match_queries(day, queries, limit, threshold, cutoff)
    out = []
    for number, _ in batch:
        key = str(number)
        answer = {"status": 422, "detail": faults[key]} if key in faults else answers[key]
        named = queries[key].id if key in queries else None
        out.append(orjson.dumps({"line": number, "id": named, **answer}) + b"\n")
    return b"".join(out)
