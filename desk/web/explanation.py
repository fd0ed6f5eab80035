"""Why a pair has its score, as a value that a page can draw: the aligned words, and the steps that add up to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import polars as pl

from desk.api.day_lists import ListDay
from desk.api.desk import Desk
from screening.errors import InvalidFrame
from screening.matching import Explanation, Step, waterfall

WORDS_WIDTH, STEPS_WIDTH = 150, 220
KINDS = (None, "person", "organization", "vessel", "aircraft")
"""Kinds that a screened name may have had in the run; the score tells which it was."""
CLOSE = 1e-6


def explanation(desk: Desk, as_of: str, match: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the match taken apart: words, and steps with their bars; None for a listed address.

    `as_in_run` tells whether the steps end in the score of the run; they do not where the party or its names are no
    longer on the lists of that day as they stand in the store now.
    """
    evidence = match.get("evidence") or []
    # a match that an older version imported has no score of the names alone
    name_score = match.get("name_score", match["score"])
    if name_score is None and not evidence:
        return None
    found = None
    if name_score is not None:
        found = _explain_names(desk.data.lists_on(date.fromisoformat(as_of)), match, name_score)
    gone = name_score is not None and found is None
    steps = () if gone else waterfall(found, evidence)
    score = steps[-1].probability if steps else None
    return {
        "query_name": match["query_name"],
        "matched_name": match["matched_name"],
        "party_id": match["party_id"],
        "words": _words(found),
        "steps": _drawn(steps),
        "score": score,
        "of_run": match["score"],
        "as_in_run": score is not None and abs(score - match["score"]) < CLOSE,
        "words_width": WORDS_WIDTH,
        "steps_width": STEPS_WIDTH,
        "even": _places(steps)[0],
    }


def _explain_names(day: ListDay, match: Mapping[str, Any], score: float) -> Explanation | None:
    """Explain a pair of names, as the kind that gives the run's score; None where the party is not on the lists."""
    pairs = pl.DataFrame(
        [(match["query_name"], match["party_id"], kind, match["matched_name"]) for kind in KINDS],
        schema=dict.fromkeys(("query_name", "party_id", "party_type", "matched_name"), pl.String),
        orient="row",
    )
    try:
        found = day.screener.index.explain_matches(pairs)
    except InvalidFrame:
        return None
    return min(found, key=lambda each: abs(each.score - score) > CLOSE)


def _words(found: Explanation | None) -> list[dict[str, Any]]:
    """Return the aligned words, each with the length of its weight and of what agrees of it."""
    parts = found.parts if found else ()
    heaviest = max((part.weight for part in parts), default=1.0) or 1.0
    return [
        {
            "query": part.query, "name": part.name, "similarity": part.similarity, "weight": part.weight,
            "bar": round(WORDS_WIDTH * part.weight / heaviest),
            "full": round(WORDS_WIDTH * part.weight * part.similarity / heaviest),
        }
        for part in parts
    ]  # fmt: skip


def _drawn(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Give each step the bar from the sum before it to the sum after it."""
    return [
        {
            "kind": step.kind, "verdict": step.verdict, "text": step.text, "log_odds": step.log_odds,
            "probability": step.probability, "x": min(before, after), "width": max(1, abs(after - before)),
            "details": [{"text": part.text, "value": part.value, "log_odds": part.log_odds} for part in step.details],
        }
        for step, (before, after) in zip(steps, pairwise(_places(steps)), strict=True)
    ]  # fmt: skip


def _places(steps: Sequence[Step]) -> list[int]:
    """Return where on the scale even odds lie, and the sum after each step."""
    sums = [0.0]
    for step in steps:
        sums.append(sums[-1] + step.log_odds)
    low, span = min(sums), (max(sums) - min(sums)) or 1.0
    return [round(STEPS_WIDTH * (total - low) / span) for total in sums]
