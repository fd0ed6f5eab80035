"""The law as data: rules with dated periods, country groups, texts; read from `screening/data/law`, never from code."""

from screening.law.countries import Countries, countries_on
from screening.law.day import Law, law_on
from screening.law.periods import PeriodOverride, status_on
from screening.law.reviews import overdue_reviews
from screening.law.tables import decimal_figure, figure, policy_figure, table

__all__ = [
    "Countries",
    "Law",
    "PeriodOverride",
    "countries_on",
    "decimal_figure",
    "figure",
    "law_on",
    "overdue_reviews",
    "policy_figure",
    "status_on",
    "table",
]
