"""Cells of the planted matrix without a finding: those that the law settles otherwise, and those that are missing."""

from __future__ import annotations

from collections.abc import Mapping

_NO_PARTY = "no party in the sense of 15 CFR 748.5(c)-(f): the match stands in the table of matches"
_BY_UVL = "15 CFR 744.15 asks of the parties to a transaction: the match stands in the table of matches"

LINES: Mapping[str, str] = {
    **{f"transactions.counterparty as payer: name, {code}": _NO_PARTY for code in ("EL", "MEU", "UVL")},
    **{f"transactions.counterparty as exporter: name, {code}": _NO_PARTY for code in ("EL", "MEU")},
    **{f"connections.value as {role}: name, UVL": _BY_UVL for role in ("director", "signatory")},
}
"""Cells that give a match and no finding, and why that is right."""

NOT_YET: Mapping[str, str] = {}
"""Cells that give nothing, and what is missing. A cell that gives something must be taken out."""
