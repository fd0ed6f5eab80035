"""The benchmark's questions: families of names that must be found, and names that must not be.

Everything is drawn with fixed seeds. A party and all its names belong to one half, development or test.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from dataclasses import dataclass
from random import Random

import polars as pl
from rapidfuzz import fuzz

from benchmarks.matching import corpus, native, perturb, transliterate
from screening.names.clean import clean
from screening.names.lexicon import lexicon

PER_FAMILY = 400
Case = tuple[str, str, str | None, str]
"""Family, name, party type, party id."""
LISTED_TOO = 85  # token-set ratio from which a name with a changed number names another listed party


@dataclass(frozen=True, slots=True)
class Cases:
    """`positives`: query_id, name, party_type, family, party_id, half. `negatives`: the same without party_id."""

    index: pl.DataFrame
    positives: pl.DataFrame
    negatives: pl.DataFrame


def half(key: str) -> str:
    """Return dev or test, by a checksum of the key."""
    return "dev" if zlib.crc32(key.encode()) % 2 == 0 else "test"


def make(per_family: int = PER_FAMILY, clean_names: int = 60_000) -> Cases:
    """Draw the whole benchmark."""
    listed = corpus.listed().filter(pl.col("name").str.len_chars() > 2)
    random = Random(20260731)
    hidden, index = _hide(listed, random, per_family * 2)
    positives = [
        *hidden,
        *_perturbed(index, random, per_family),
        *_native(index),
        *_native_generated(index, random, per_family),
    ]
    frame = pl.DataFrame(positives, schema=["family", "name", "party_type", "party_id"], orient="row")
    frame = frame.with_columns(half=pl.col("party_id").map_elements(half, return_dtype=pl.String))
    negatives = pl.concat([_clean(clean_names), _hard(index, random, per_family * 2)])
    return Cases(
        index,
        frame.with_row_index("query_id").cast({"query_id": pl.String}),
        negatives.with_row_index("query_id").cast({"query_id": pl.String}),
    )


def _hide(listed: pl.DataFrame, random: Random, count: int) -> tuple[list[Case], pl.DataFrame]:
    """Take one name of a party out of the index, where no other row has the same name."""
    rows = listed.with_columns(cleaned=clean(listed["name"]), row=pl.int_range(pl.len()))
    alone = rows.filter(pl.col("cleaned").is_unique() & (pl.len().over("party_id") > 1))
    alone = alone.filter(pl.col("list").is_in(["SDN", "EL"]) & (pl.col("position") > 0))
    alone = alone.filter(
        pl.col("party_type").is_null() | pl.col("party_type").is_in(["person", "organization"])
    )
    picked = alone.sample(count * 2, seed=11, shuffle=True).unique(
        "party_id", keep="first", maintain_order=True
    )
    by_party = rows.group_by("party_id").agg("cleaned", "row").select("party_id", pl.struct("cleaned", "row"))
    others = dict(by_party.rows())
    cases: list[Case] = []
    gone = []
    for row in picked.iter_rows(named=True):
        rest = [
            name
            for name, at in zip(
                others[row["party_id"]]["cleaned"], others[row["party_id"]]["row"], strict=True
            )
            if at != row["row"]
        ]
        best = max(fuzz.token_set_ratio(row["cleaned"], name) for name in rest)
        plain = max(fuzz.token_sort_ratio(row["cleaned"], name) for name in rest)
        resembling = plain >= 70 or (best >= 90 and len(row["cleaned"]) > 6)
        kind = "person" if row["party_type"] == "person" else "organization"
        cases.append(
            (
                f"{kind}: hidden alias {'resembling' if resembling else 'unlike'}",
                row["name"],
                row["party_type"],
                row["party_id"],
            )
        )
        gone.append(row["row"])
    return cases, rows.filter(~pl.col("row").is_in(gone)).drop("cleaned", "row")


def _perturbed(index: pl.DataFrame, random: Random, count: int) -> list[Case]:
    """Return listed names changed in one way, a family each."""
    cases: list[Case] = []
    for kind, families in (("organization", perturb.ORGANIZATION), ("person", perturb.PERSON)):
        is_kind = pl.col("party_type") == kind
        if kind == "organization":
            is_kind = is_kind | pl.col("list").is_in(["EL", "MEU", "UVL"])
        pool = index.filter(is_kind & (pl.col("name").str.len_chars() > 6))
        for row in pool.sample(count, seed=99, shuffle=True).iter_rows(named=True):
            cases.append((f"{kind}: as listed", row["name"], row["party_type"], row["party_id"]))
        for number, (family, change) in enumerate(families.items()):
            found = 0
            for row in pool.sample(min(count * 12, pool.height), seed=100 + number, shuffle=True).iter_rows(
                named=True
            ):
                changed = change(row["name"], random)
                if changed and changed != row["name"] and found < count:
                    cases.append((f"{kind}: {family}", changed, row["party_type"], row["party_id"]))
                    found += 1
    return cases


def _native(index: pl.DataFrame) -> list[Case]:
    """Return typed native names whose listed name (or one with all its words) is in the index."""
    names = index.with_columns(cleaned=clean(index["name"]))
    cases: list[Case] = []
    for kind, pairs in (("organization", native.ORGANIZATIONS), ("person", native.PERSONS)):
        for own, listed in pairs:
            words = set(clean(pl.Series([listed]))[0].split()) - {
                "co",
                "ltd",
                "limited",
                "of",
                "the",
                "company",
                "corporation",
                "and",
            }
            fitting = names
            for word in sorted(words):
                fitting = fitting.filter(pl.col("cleaned").str.contains(rf"\b{word}\b"))
            if kind == "person":
                fitting = fitting.filter(pl.col("party_type") == "person")
            if fitting.height:
                shortest = fitting.sort(pl.col("cleaned").str.len_chars(), "party_id").row(0, named=True)
                cases.append((f"{kind}: native script", own, shortest["party_type"], shortest["party_id"]))
    return cases


def _native_generated(index: pl.DataFrame, random: Random, count: int) -> list[Case]:
    """Return romanized names written back in Cyrillic and Arabic letters."""
    cases: list[Case] = []
    for family, change, countries, kind in (
        ("cyrillic", transliterate.cyrillic, ["RU", "BY", "UA"], "person"),
        ("arabic", transliterate.arabic, ["IR", "SY", "IQ", "YE", "LB", "SA", "EG", "AF"], "person"),
        ("cyrillic", transliterate.cyrillic, ["RU", "BY"], "organization"),
    ):
        pool = index.filter((pl.col("party_type") == kind) & pl.col("country").is_in(countries))
        if kind == "organization":
            pool = pool.filter(
                pl.col("name").str.contains(r"(?i)\b(ooo|oao|zao|obshchestvo|aktsionernoe|zavod)\b")
            )
        found = 0
        for row in pool.sample(min(count * 3, pool.height), seed=5, shuffle=True).iter_rows(named=True):
            name = row["name"]
            if kind == "person" and "," in name:
                family_name, given = name.split(",", 1)
                name = f"{given.strip()} {family_name}"
            changed = change(name, random)
            if changed and found < count:
                cases.append((f"{kind}: {family}", changed, row["party_type"], row["party_id"]))
                found += 1
    return cases


def _clean(count: int) -> pl.DataFrame:
    companies = corpus.companies().sample(int(count * 0.8), seed=3, shuffle=True)
    persons = corpus.persons().sample(count - int(count * 0.8), seed=3, shuffle=True)
    frame = pl.concat([
        companies.select("name", family=pl.lit("clean"), party_type=pl.lit("organization")),
        persons.select("name", family=pl.lit("clean"), party_type=pl.lit("person")),
    ])  # fmt: skip
    return frame.with_columns(half=pl.col("name").map_elements(half, return_dtype=pl.String))


def _hard(index: pl.DataFrame, random: Random, count: int) -> pl.DataFrame:
    """Return names that look like a listed one and are not: a word swapped, a number changed, a surname shared."""
    rows: list[tuple[str, str, str | None, str]] = []
    listed = set(clean(index["name"]).to_list())
    organizations = index.filter(
        (pl.col("party_type") == "organization") | pl.col("list").is_in(["EL", "MEU"])
    )
    people = index.filter((pl.col("party_type") == "person") & pl.col("name").str.contains(","))
    rare = [word for word in _rare_words() if len(word) >= 5 and word not in _COMMON]
    frequency = Counter(word for name in index["name"].to_list() for word in name.lower().split())
    for row in organizations.sample(count * 3, seed=21, shuffle=True).iter_rows(named=True):
        words = row["name"].split()
        distinctive = [w for w in words if w.isalpha() and len(w) >= 4 and w.lower() not in lexicon().ids]
        if len(words) < 2 or not distinctive:
            continue
        rarest = min(distinctive, key=lambda w: frequency[w.lower()])
        if frequency[rarest.lower()] > 150:
            continue
        rows.append(
            (
                "one word swapped",
                row["name"].replace(rarest, random.choice(rare).title(), 1),
                "organization",
                row["party_id"],
            )
        )
    numbered = index.filter(pl.col("name").str.contains(r"\b\d{1,3}(st|nd|rd|th)?\b"))
    for row in numbered.sample(min(count, numbered.height), seed=22, shuffle=True).iter_rows(named=True):
        changed = _other_number(row["name"], random)
        if not _is_listed(changed, numbered["name"].to_list()):
            rows.append(("number changed", changed, "organization", row["party_id"]))
    given = [
        name.split(",", 1)[1].strip().split()[0]
        for name in people["name"].to_list()
        if name.split(",", 1)[1].strip()
    ]
    for row in people.sample(count, seed=23, shuffle=True).iter_rows(named=True):
        family = row["name"].split(",", 1)[0]
        rows.append(
            ("same surname", f"{random.choice(given).title()} {family.title()}", "person", row["party_id"])
        )
    common = sorted(_COMMON)
    for _ in range(count):
        words = random.sample(common, random.choice((2, 3)))
        rows.append(
            ("common words", " ".join([*words, random.choice(perturb.FORMS)]).title(), "organization", "")
        )
    frame = pl.DataFrame(rows, schema=["family", "name", "party_type", "key"], orient="row")
    frame = frame.with_columns(
        cleaned=clean(frame["name"]), half=pl.col("key").map_elements(half, return_dtype=pl.String)
    )
    frame = frame.with_columns(
        half=pl.when(pl.col("key") == "")
        .then(pl.col("name").map_elements(half, return_dtype=pl.String))
        .otherwise("half")
    )
    frame = frame.filter(~pl.col("cleaned").is_in(list(listed))).unique(
        "cleaned", keep="first", maintain_order=True
    )
    return frame.filter(pl.int_range(pl.len()).over("family") < count).select(
        "name", "family", "party_type", "half"
    )


def _is_listed(changed: str, names: list[str]) -> bool:
    """Say whether a name with another number is, by all its words, the name of another listed party."""
    numbers = set(re.findall(r"\d+", changed))
    return any(
        numbers & set(re.findall(r"\d+", name))
        and fuzz.token_set_ratio(changed.lower(), name.lower()) >= LISTED_TOO
        for name in names
    )


def _other_number(name: str, random: Random) -> str:
    found = re.search(r"\b(\d{1,3})(st|nd|rd|th)?\b", name)
    assert found
    value = int(found.group(1))
    other = max(1, value + random.choice((-2, -1, 1, 2, 3)))
    other = value + 1 if other == value else other
    ending = ""
    if found.group(2):
        ending = "th" if other % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(other % 10, "th")
    return name[: found.start()] + f"{other}{ending}" + name[found.end() :]


def _rare_words() -> list[str]:
    names = corpus.companies().sample(6000, seed=9)["name"]
    return [w for name in clean(names).to_list() for w in name.split()[:1] if w.isalpha()]


_COMMON = frozenset(
    """
    trading international global technology technologies industries industrial group company general national first
    united investment investments holding holdings services service engineering construction development energy star
    marine shipping export import electronics electronic systems solutions commercial new east west gulf asia
    management financial bank capital logistics transport oil gas petroleum steel metal chemical power research
    science institute center union world limited corporation
    """.split()  # noqa: SIM905
)
