"""Dates of OFAC's advanced XML: a day, a month, a year or a span, in the words of the legacy files."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from lists.xml import Element, child_text


def day(element: Element) -> date | None:
    """Return the day that Year, Month and Day below an element name, None where they name none."""
    try:
        year, month, number = (int(child_text(element, part) or 0) for part in ("Year", "Month", "Day"))
        return date(year, month, number)
    except ValueError:
        return None


def period(element: Element) -> str:
    """Return a DatePeriod in words: `30 Aug 1976`, `Aug 1976`, `1976`, `01 Jan 1976 to 31 Dec 1978`, `circa 1962`."""
    ends = [element.find(path) for path in ("{*}Start/{*}From", "{*}End/{*}To")]
    days = [day(end) for end in ends if end is not None]
    first, last = (days[0], days[-1]) if days else (None, None)
    if first is None or last is None:
        return ""
    circa = any(end.get("Approximate") == "true" for end in element)
    return ("circa " if circa else "") + _span(first, last)


def _span(first: date, last: date) -> str:
    if first == last:
        return first.strftime("%d %b %Y")
    if first.year == last.year and (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return str(first.year)
    same_month = (first.year, first.month) == (last.year, last.month)
    if same_month and first.day == 1 and last.day == monthrange(last.year, last.month)[1]:
        return first.strftime("%b %Y")
    return f"{first:%d %b %Y} to {last:%d %b %Y}"
