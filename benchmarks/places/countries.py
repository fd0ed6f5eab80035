"""Derive the tables of country names and codes from the reference data: `python -m benchmarks.places.derive`."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from screening.places.fold import key
from screening.places.tables import exploded, table

LANGUAGES = ("ru", "uk", "zh_Hans", "zh_Hant", "ar", "fa", "ko", "ja", "es", "fr", "de", "tr", "he")
WRITTEN = r"^[\p{Latin}\p{Cyrillic}\p{Arabic}\p{Han}\p{Hangul}\p{Hiragana}\p{Katakana}\p{Hebrew}\p{Greek}\p{M}ー0-9 ]+$"
"""Scripts of the languages above, and Greek."""

RARE_LETTERS = r"[\x{0180}-\x{02AF}]"
"""Latin letters of African languages, outside the languages above."""

JUNK = r"\b(?:emetab|nutome|orileede|orile ede|uhuriro|nebo murot katam|il  -)\b"
"""Words by which the names of a few small languages are known that nobody writes in a customer file."""

DIVIDED = ("SUHH", "YUCS", "CSXX", "CSHH")
"""Former states that several countries came from: `ambiguous.csv` names them."""

PARENT = {"X-SO": "GE", "AC": "SH", "TA": "SH", "IC": "ES", "EA": "ES", "DG": "IO", "CP": "FR"}
"""Parts of a country whose code does not begin with that of the country."""

WITHDRAWN_LONG_AGO = ("CT", "DY", "FQ", "HV", "JT", "MI", "NH", "NQ", "PC", "PU", "PZ", "RH", "VD", "WK")
"""Two letters that were a country before 1990 and today are more likely a state (MI, NH) or a slip."""

ALIASES = pl.DataFrame({"code": ["EL", "UK"], "kind": ["alias"] * 2, "now": ["GR", "GB"]})
"""Codes that are no ISO codes and everybody uses: those of the EU for Greece and the United Kingdom."""


def country_names(source: Path) -> pl.DataFrame:
    """Return one row a country: iso2, iso3, numeric, en (several between bars), and a name in each language."""
    raw = pl.read_csv(source / "country-names.derived.csv", infer_schema=False)
    english = (
        pl.concat_list(pl.col("english_names_i18n").str.split("; "), pl.col("cldr_en").str.split("; "))
        .list.unique(maintain_order=True)
        .list.join("|")
    )
    return raw.select(
        "iso2", "iso3", "numeric", en=english, **{code: pl.col(f"cldr_{code}") for code in LANGUAGES}
    ).sort("iso2")


def former_codes(source: Path) -> pl.DataFrame:
    """Return the withdrawn codes: code, kind (alias, alpha2, alpha3, numeric), now (codes with a blank between)."""
    names = pl.read_csv(source / "country-names.derived.csv", infer_schema=False)
    current = {*names["iso2"], *names["iso3"], *names["numeric"]}
    raw = pl.read_csv(source / "country-former-codes.cldr.derived.csv", infer_schema=False)
    countries = set(names["iso2"])
    rows = raw.filter(
        ~pl.col("old_code").is_in([*current, *WITHDRAWN_LONG_AGO, *ALIASES["code"]])
        & pl.col("now").str.split(" ").list.eval(pl.element().is_in(countries)).list.all()
    )
    return pl.concat([rows.select(code="old_code", kind="kind", now="now"), ALIASES]).sort("kind", "code")


def country_variants(source: Path) -> tuple[pl.DataFrame, dict[str, int]]:
    """Return other names of each country as keys, `-` for what is no country, and what was dropped, counted."""
    raw = pl.read_csv(source / "country-name-variants.countrynames.derived.csv", infer_schema=False)
    rows = raw.with_columns(
        key=key(raw["variant"]),
        country=pl.col("code").replace({**PARENT, "FAIL": "-"}).str.slice(0, 2),
    )
    listed = _listed_keys()
    name = pl.col("key")
    capitals = pl.col("variant").str.contains(r"^[A-Z]{2,4}$")
    reasons = {
        "parts of Ukraine, kept in regions.csv": pl.col("code").str.starts_with("UA-"),
        "states that were divided, kept in ambiguous.csv": pl.col("code").is_in(DIVIDED),
        "no letters": name.is_null(),
        "other scripts": ~name.str.contains(WRITTEN),
        "small languages": name.str.contains(JUNK) | name.str.contains(RARE_LETTERS),
        "codes of no country": ~pl.col("country").is_in([*table("country_names")["iso2"], "-"]),
        "under four letters and no abbreviation": name.str.contains(r"^\p{Latin}{1,3}$") & ~capitals,
        "already a name, a code or ambiguous": name.is_in(listed),
    }
    dropped = {}
    for reason, condition in reasons.items():
        remaining = rows.filter(~condition.fill_null(False))
        dropped[reason] = rows.height - remaining.height
        rows = remaining
    shared = rows.group_by("key").agg(pl.col("country").n_unique()).filter(pl.col("country") > 1)["key"]
    dropped["of two countries"] = rows.filter(name.is_in(shared.implode())).height
    rows = rows.filter(~name.is_in(shared.implode())).unique(["country", "key"])
    dropped["the same key again"] = raw.height - sum(dropped.values()) - rows.height
    out = rows.sort("country", "key").group_by("country", maintain_order=True).agg(name)
    return out.select(iso2="country", variants=pl.col("key").list.join("|")), dropped


def _listed_keys() -> list[str]:
    """Return every key that another table reads: names, codes, ambiguous names."""
    names = table("country_names")
    texts = [names["en"].str.split("|").explode(), *(names[code] for code in LANGUAGES)]
    codes = [names["iso2"], names["iso3"], table("former_codes")["code"]]
    ambiguous = exploded("ambiguous", "names")["names"]
    return pl.concat([key(each).alias("key") for each in (*texts, *codes, ambiguous)]).drop_nulls().to_list()
