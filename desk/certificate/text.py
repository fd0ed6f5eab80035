"""A certificate in words: the whole of it, and the short form that `explain` prints for a customer without a case."""

from __future__ import annotations

from collections.abc import Iterator

from desk.certificate.content import Certificate
from desk.certificate.sections import Section

Line = tuple[str | None, str]
"""A style and a text."""
SHORT = ("names", "lists", "lists_not_loaded", "results", "ownership", "not_checked")
ROWS_IN_SHORT = 3


def full_text(certificate: Certificate) -> list[Line]:
    """Write the whole certificate as (style, line) pairs in reading order."""
    out: list[Line] = [("bold", certificate.title)]
    for section in certificate.sections:
        out += [(None, ""), ("underline", section.title), *_body(section)]
    return out


def short_text(certificate: Certificate, run: str) -> list[Line]:
    """Write what was looked at in a few lines, and where the whole certificate is. `run`: the folder, as given."""
    out: list[Line] = [("bold", certificate.title)]
    if certificate.case is None:
        out.append(
            (None, "No rule opened a case for this customer in this run. That is a result, not a clearance.")
        )
    by_key = {section.key: section for section in certificate.sections}
    for key in SHORT:
        section = by_key[key]
        out += [(None, ""), ("underline", section.title), *((None, f"  {text}") for text in section.brief)]
    counts = by_key["rules"].brief
    out += [(None, ""), ("underline", "Rules"), *((None, f"  {text}") for text in counts), (None, "")]
    out.append(("dim", f"The whole certificate: headwater certificate {certificate.customer_id} --run {run}"))
    return out


def _body(section: Section) -> Iterator[Line]:
    for text in section.lines:
        yield None, f"  {text}"
    if not section.rows:
        return
    columns = [section.columns, *section.rows]
    widths = [min(40, max(len(row[at]) for row in columns)) for at in range(len(section.columns))]
    for number, row in enumerate(columns):
        cells = (text.ljust(width) for text, width in zip(row, widths, strict=True))
        yield "dim" if number == 0 else None, f"  {'  '.join(cells).rstrip()}"
