"""Numbers that name one party: read by type, made alike, compared within types and countries that go together.

What a number may prove depends on its kind alone (`screening/data/names/identifier_types.csv`, `evidence.toml`): its
shape, its check digit, how many characters it has, and whether it is unique in the world or in a country. Placeholders
("0000000", "1234567", "n/a") are no numbers. How often a value occurs in a list or a batch does not count: a score
must depend on the two records only.
"""

from __future__ import annotations

from functools import cache

import polars as pl

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
_SPLIT = {"id_type": pl.String(), "id_value": pl.String(), "country": pl.String()}
_UP, _DOWN = "0123456789" * 4, "9876543210" * 4

_AFTER = r"(?i)[\s,;(]*\b(?:issued?|expir\w*|exp|date|valid|diplomatic)\b.*$|\(.*$"


def split_identifiers(texts: pl.DataFrame) -> pl.DataFrame:
    """Split identifiers as customers write them (subject_id, text) into the columns that `read_identifiers` takes.

    `type:value`; the type may begin with a country ("ru-inn:7719404118") and the value end with one ("(RU)"). A type
    that `identifier_types.csv` lacks becomes "other".

    >>> split_identifiers(pl.DataFrame({"subject_id": ["c"], "text": ["Passport: 75 1234567 (ru)"]})).row(0)
    ('c', 'passport', '75 1234567', 'RU')
    """
    if texts.is_empty():
        return pl.DataFrame(schema={"subject_id": texts.schema["subject_id"], **_SPLIT})
    kind = pl.col("text").str.extract(r"^(.*?):").str.strip_chars().str.to_lowercase()
    named = kind.str.replace_all(r"[\s/-]+", "_").str.replace_all(r"[.#]", "").str.strip_chars("_")
    types = table("identifier_types")["id_type"].unique().implode()
    prefixed = ~named.is_in(types) & named.str.contains(r"^[a-z]{2}_.")
    own = pl.when("prefixed").then(pl.col("id_type").str.slice(3)).otherwise("id_type")
    value = pl.col("text").str.extract(r"([^:]*)$")
    return (
        texts.lazy()
        .drop_nulls("text")
        .with_columns(id_type=named, id_value=value, prefixed=prefixed)
        .select(
            "subject_id",
            id_type=pl.when(own.is_in(types)).then(own).otherwise(pl.lit("other")),
            id_value=pl.col("id_value").str.replace(r"\([A-Za-z]{2}\)\s*$", "").str.strip_chars(),
            country=pl.coalesce(
                pl.col("id_value").str.extract(r"\(([A-Za-z]{2})\)\s*$").str.to_uppercase(),
                pl.when("prefixed").then(pl.col("id_type").str.slice(0, 2).str.to_uppercase()),
            ),
        )
        .cast({name: pl.String() for name in _SPLIT})
        .collect()
    )


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
            .str.replace_all(r"[^A-Z0-9]", ""),
        )
    )
    # The SDN List files LEIs as registration numbers.
    as_lei = plain.filter(pl.col("class") == "number").with_columns(pl.lit("lei").alias("class"))
    found = pl.concat([plain, as_lei]).with_columns(value=_core())
    # It files numbers of companies with those of ships, which alone have a check digit.
    company = (pl.col("class") == "imo") & ~_imo()
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
        .when(kind == "crypto").then(value.str.replace(r"^[A-Z]{3,4}(?P<a>0X|BC1|[13])", "$a"))
        .when(kind == "bic").then(value.str.slice(0, 8))
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


def _imo() -> pl.Expr:
    """The first six digits times 7, 6, 5, 4, 3, 2 add up to a number that ends with the seventh (IMO A.1117(30))."""
    digits = [pl.col("value").str.slice(i, 1).cast(pl.Int64, strict=False) for i in range(7)]
    total = pl.sum_horizontal(digit * (7 - i) for i, digit in enumerate(digits[:6]))
    return total % 10 == digits[6]


def _lei() -> pl.Expr:
    """ISO 17442: with letters as 10 to 35, the number leaves 1 when divided by 97 (ISO/IEC 7064 MOD 97-10)."""
    letters = {chr(ord("A") + i): str(10 + i) for i in range(26)}
    digits = pl.col("value").str.replace_many(letters).str.zfill(45)
    rest = pl.lit(0, pl.Int64)
    for start in range(0, 45, 9):
        rest = (rest * 10**9 + digits.str.slice(start, 9).cast(pl.Int64, strict=False)) % 97
    return rest == 1


_CHECKS = {"imo": _imo(), "lei": _lei()}
