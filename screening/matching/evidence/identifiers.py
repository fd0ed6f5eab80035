"""Numbers that name one party: read by type, made alike, compared within types and countries that go together.

What a number may prove depends on its kind alone (`screening/data/names/identifier_types.csv`, `evidence.toml`): its
shape, its check digit, how many characters it has, and whether it is unique in the world or in a country. Placeholders
("0000000", "1234567", "n/a") are no numbers. How often a value occurs in a list or a batch does not count: a score
must depend on the two records only.
"""

from __future__ import annotations

from functools import cache

import polars as pl

from screening.matching.evidence.identifier_forms import imo_check, lei_check
from screening.names.tables import settings, table

KEYS = {
    "subject_id": pl.String(),
    "class": pl.String(),
    "value": pl.String(),  # normalised
    "country": pl.String(),  # of issue, where it is given
    "written": pl.String(),
}
FEWEST_DISTINCT = 3
"""Characters that a number must have different; "121212" fills a field."""

_SHOWN = 3
_UP, _DOWN = "0123456789" * 4, "9876543210" * 4

_CURRENCY = r"^\s*[A-Z]{3,4}[\s:]+(?P<a>[A-Z0-9]{20,}\s*)$"
"""A digital currency before the address."""
_CEDULA = r"^[VE]\d{5,}$"
"""A Venezuelan identity number with the letter for citizens or foreigners, which the lists leave out."""
_AFTER = r"(?i)[\s,;(]*\b(?:issued?|expir\w*|exp|date|valid|diplomatic)\b.*$|\(.*$"


def read_identifiers(identifiers: pl.DataFrame) -> pl.DataFrame:
    """Return what can be compared of identifiers (subject_id, id_type, id_value, country), in the columns of `KEYS`.

    >>> rows = [("a", "imo", "IMO 9074729", None), ("b", "imo", "9074728", None), ("c", "passport", "000000", "RU")]
    >>> frame = pl.DataFrame(rows, schema=["subject_id", "id_type", "id_value", "country"], orient="row")
    >>> read_identifiers(frame).rows()
    [('a', 'imo', '9074729', None, 'IMO 9074729'), ('b', 'imo_company', '9074728', None, '9074728')]
    """
    if identifiers.is_empty():
        return pl.DataFrame(schema=KEYS | {"subject_id": identifiers.schema["subject_id"]})
    types = table("identifier_types").lazy().filter(pl.col("class") != "").rename({"country": "own_country"})
    own = pl.when(pl.col("own_country") != "").then("own_country")
    plain = (
        identifiers.lazy()
        .join(types, on="id_type")
        .select(
            "subject_id",
            "class",
            country=pl.coalesce("country", own),
            written=pl.col("id_value").str.strip_chars(),
            value=pl.col("id_value")
            .str.to_uppercase()
            .str.replace(_AFTER, "")
            .str.replace(_CURRENCY, "$a")
            .str.replace_all(r"[^A-Z0-9]", ""),
        )
    )
    # The SDN List files LEIs as registration numbers.
    as_lei = plain.filter(pl.col("class") == "number").with_columns(pl.lit("lei").alias("class"))
    found = pl.concat([plain, as_lei]).with_columns(value=_core())
    # It files numbers of companies with those of ships, which alone have a check digit.
    company = (pl.col("class") == "imo") & ~_CHECKS["imo"]
    found = found.with_columns(pl.when(company).then(pl.lit("imo_company")).otherwise("class").alias("class"))
    return (
        found.filter(_sound() & ~placeholder(pl.col("value")))
        .select(list(KEYS))
        .unique()
        .sort("subject_id", "class", "written", "value", "country")
        .collect()
    )


def join_classes(identifiers: pl.DataFrame) -> pl.DataFrame:
    """Join the numbers of one class and record to one text: subject_id, class (as `class_number`), written; sorted.

    A text has the first few numbers.
    """
    texts = pl.col("written").unique().sort()
    return (
        identifiers.group_by("subject_id", class_number())
        .agg(texts.head(_SHOWN).str.join(", "))
        .sort("subject_id", "class")
    )


def class_number() -> pl.Expr:
    """Return the place of a class in `classes`."""
    return pl.col("class").cast(pl.Enum(classes()["class"])).to_physical().cast(pl.Int64)


def placeholder(value: pl.Expr) -> pl.Expr:
    """Say whether a normalised value is made up to fill a field: hardly any different characters, or counting.

    >>> numbers = pl.DataFrame({"v": ["0000000", "12345678", "121212", "9074729"]})
    >>> numbers.select(v=placeholder(pl.col("v")))["v"].to_list()
    [True, True, True, False]
    """
    counting = pl.any_horizontal(pl.lit(run).str.contains(value, literal=True) for run in (_UP, _DOWN))
    return counting | (value.str.split("").list.n_unique() < FEWEST_DISTINCT)


@cache
def classes() -> pl.DataFrame:
    """Return the classes of identifiers, sorted, with their settings from `evidence.toml`.

    Columns: class, shape (a pattern), check (imo, lei or null), national, shortest (characters), alone and anywhere
    (characters from which an equal number names a party without a likeness of names; in `anywhere` where a country is
    not recorded), equal and equal_anywhere and other (weights), words.
    """
    rows = [{"class": name, **row} for name, row in sorted(settings("evidence")["identifier"].items())]
    blank = {"check": None, "national": False, "alone": None, "anywhere": None, "equal_anywhere": None}
    return pl.DataFrame([blank | row for row in rows], infer_schema_length=None).with_columns(
        pl.coalesce("anywhere", "alone").alias("anywhere"),
        pl.coalesce("equal_anywhere", "equal").alias("equal_anywhere"),
    )


def _core() -> pl.Expr:
    """Cut what is written before or after the number proper."""
    value, kind = pl.col("value"), pl.col("class")
    return (
        pl.when(kind == "imo").then(value.str.extract(r"^(?:IMO)?(\d{7})$"))
        .when(kind == "bic").then(value.str.slice(0, 8))
        .when((kind == "number") & value.str.contains(_CEDULA)).then(value.str.slice(1))
        .when((kind == "number") & value.str.contains(r"^\d+$")).then(value.str.strip_chars_start("0"))
        .otherwise(value)
    )  # fmt: skip


def _sound() -> pl.Expr:
    """Say whether a value has the shape, the length and the check digit of its class."""
    value, kind = pl.col("value"), pl.col("class")
    shaped = pl.any_horizontal(
        (kind == row["class"])
        & value.str.contains(row["shape"])
        & (value.str.len_chars() >= row["shortest"])
        & _CHECKS.get(row["check"], pl.lit(True))
        for row in classes().iter_rows(named=True)
    )
    return shaped.fill_null(False)


_CHECKS = {"imo": imo_check(pl.col("value")), "lei": lei_check(pl.col("value"))}
