"""Every table, declared once: columns, types, meaning, whether a row can do without."""

from screening.tables.book import Book, InputFile
from screening.tables.inputs import CUSTOMERS, INPUTS, REQUEST_TABLES, free_text_columns
from screening.tables.ownership_status import STATUSES, WORST_FIRST
from screening.tables.table import Column, Table

__all__ = [
    "CUSTOMERS",
    "INPUTS",
    "REQUEST_TABLES",
    "STATUSES",
    "WORST_FIRST",
    "Book",
    "Column",
    "InputFile",
    "Table",
    "free_text_columns",
]
