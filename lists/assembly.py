"""From what a source read (a draft keyed by entry) to the six tables keyed by party.

A source fills a `Draft` with the columns it has; party ids, scripts, countries, measures and order are made here,
once, for every list alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from lists import schema
from lists.identity import normalized, party_ids
from lists.names_within import numbers_within, with_second_names
from lists.normalize import dates, licensing
from lists.normalize.countries import country_code, unknown_country
from lists.normalize.names import first_name, further_names, split_printed_names
from lists.normalize.scripts import script
from lists.reference import reference
from lists.tabular import REJECTED, Table

ENTRIES: Mapping[str, pl.DataType] = {
    "entry": pl.Int64(),  # key within the draft
    "list": pl.String(),
    "number": pl.String(),  # the publisher's own id
    "party_type": pl.String(),
    "name": pl.String(),
    "key": pl.String(),  # tells namesakes apart where there is no number
    "tiebreak": pl.String(),
    "countries": pl.List(pl.String()),  # beyond those of the addresses
    "programs": pl.List(pl.String()),
    "start": pl.Date(),
    "end": pl.Date(),
    "remarks": pl.String(),
    "license_requirement": pl.String(),
    "license_policy": pl.String(),
    "citations": pl.List(pl.String()),
    "source_ref": pl.String(),
}
NAMES = {"entry": pl.Int64(), "name": pl.String(), "name_kind": pl.String(), "quality": pl.String()}
ADDRESSES = {"entry": pl.Int64()} | {key: kind for key, kind in schema.ADDRESSES.items() if key != "party_id"}
IDENTIFIERS = {"entry": pl.Int64()} | {
    key: kind for key, kind in schema.IDENTIFIERS.items() if key != "party_id"
}
RELATIONS = {"entry": pl.Int64()} | {key: kind for key, kind in schema.RELATIONS.items() if key != "party_id"}
ACCOUNT = {"file": pl.String(), "rows": pl.Int64(), "parsed": pl.Int64(), "quarantined": pl.Int64()}
DEFECTS = {"party_id": pl.String(), "list": pl.String(), "field": pl.String(), "text": pl.String()}

_COUNTRY_TYPES = ("nationality", "citizenship")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a source read: frames with any of the columns of ENTRIES, NAMES, ADDRESSES, IDENTIFIERS, RELATIONS.

    `names` holds further names only; addresses and identifiers may give the country by name.
    """

    entries: pl.DataFrame
    names: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=NAMES))
    addresses: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=ADDRESSES))
    identifiers: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=IDENTIFIERS))
    relations: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=RELATIONS))


@dataclass(frozen=True, slots=True)
class Parsed:
    """Everything a source made of its files, with nothing lost.

    account: file, rows, parsed, quarantined (parsed + quarantined = rows). quarantine: file, row, list, reason, text.
    defects: party_id, list, field, text (stored as printed, because no rule reads it). `published` only where the
    content itself states it; `absent` maps files of a set that were missing to the fields they would have filled.
    """

    frames: schema.ListFrames
    account: pl.DataFrame
    quarantine: pl.DataFrame
    defects: pl.DataFrame
    published: date | None = None
    absent: Mapping[str, Sequence[str]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def assemble(
    draft: Draft,
    tables: tuple[Table, ...],
    published: date | None = None,
    absent: Mapping[str, Sequence[str]] | None = None,
    warnings: tuple[str, ...] = (),
) -> Parsed:
    """Make the six tables of a draft and account for every record of the tables it was read from."""
    entries, names, relations = _split_names(
        _with_all_columns(draft.entries, ENTRIES),
        _with_all_columns(draft.names, NAMES),
        _with_all_columns(draft.relations, RELATIONS),
    )
    ids = entries.select("entry", "list", party_id=party_ids(entries))
    addresses, address_defects = _with_country(_with_all_columns(draft.addresses, ADDRESSES), "country")
    identifiers, identifier_defects = _with_country(
        _with_all_columns(draft.identifiers, IDENTIFIERS), "identifier_country"
    )
    entries = _with_listing_date(entries, identifiers)
    measures, measure_defects = _measures(entries)
    printed = _names(entries, names)
    relations = _resolve_relations(relations, printed, ids)
    typed = printed.join(entries.select("entry", "party_type"), on="entry", how="left", maintain_order="left")
    every_name, origins = with_second_names(typed, addresses["city"])
    identifiers = pl.concat([identifiers, numbers_within(typed, identifiers)])
    frames = schema.ListFrames(
        parties=_by_party("parties", _parties(entries, addresses, identifiers), ids),
        names=_by_party("names", every_name, ids),
        addresses=_by_party("addresses", addresses, ids),
        identifiers=_by_party("identifiers", identifiers.unique(), ids),
        measures=_by_party("measures", measures, ids),
        relations=_by_party(
            "relations", pl.concat([relations, origins.select(relations.columns)]).unique(), ids
        ),
    )
    defects = pl.concat([address_defects, identifier_defects, measure_defects]).join(ids, on="entry")
    return Parsed(
        frames=frames,
        account=_account(tables),
        quarantine=pl.concat([pl.DataFrame(schema=REJECTED), *(table.rejected for table in tables)]),
        defects=defects.select(list(DEFECTS)).unique().sort(pl.all()),
        published=published,
        absent=absent or {},
        warnings=warnings + tuple(text for table in tables for text in table.warnings),
    )


def _split_names(
    entries: pl.DataFrame, names: pl.DataFrame, relations: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Split the names as BIS and State print them; OFAC, which numbers its parties, prints one name a field."""
    numbered = entries.drop_nulls("number")
    loose = entries.filter(pl.col("number").is_null())
    primary = split_printed_names(loose.select("entry", "name"))
    own = names.filter(pl.col("entry").is_in(loose["entry"].implode()))
    others = names.filter(~pl.col("entry").is_in(loose["entry"].implode()))
    aliases = own.with_columns(first_name(pl.col("name")))
    return (
        pl.concat([numbered, loose.with_columns(primary.name.alias("name"))]).sort("entry"),
        pl.concat([others, aliases, primary.further, further_names(own.select("entry", "name"))]),
        pl.concat([relations, _with_all_columns(primary.relations, RELATIONS)]),
    )


def _with_all_columns(frame: pl.DataFrame, columns: Mapping[str, pl.DataType]) -> pl.DataFrame:
    absent = [pl.lit(None).alias(name) for name in columns if name not in frame.columns]
    return frame.with_columns(absent).select(pl.col(name).cast(kind) for name, kind in columns.items())


def _account(tables: tuple[Table, ...]) -> pl.DataFrame:
    rows = [(table.file, table.rows, table.frame.height, table.rejected.height) for table in tables]
    return pl.DataFrame(rows, schema=ACCOUNT, orient="row")


def _with_country(frame: pl.DataFrame, field_name: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Turn country names into codes; what is no country becomes a defect."""
    unknown = frame.filter(unknown_country(pl.col("country")))
    defects = unknown.select("entry", field=pl.lit(field_name), text="country")
    return frame.with_columns(country=country_code(pl.col("country"))), defects


def _with_listing_date(entries: pl.DataFrame, identifiers: pl.DataFrame) -> pl.DataFrame:
    """Take the start of non-SDN entries from their listing date; on the SDN List that is the date of a directive."""
    listed = identifiers.filter(id_type="listing_date").select(
        "entry", listed=dates.parse(pl.col("id_value").str.extract(r"(\d{1,2} \w{3} \d{4})$"))
    )
    first = listed.group_by("entry").agg(pl.col("listed").min())
    start = pl.coalesce("start", pl.when(pl.col("list") != "SDN").then(pl.col("listed")))
    return (
        entries.join(first, on="entry", how="left", maintain_order="left")
        .with_columns(start=start)
        .drop("listed")
    )


def _parties(entries: pl.DataFrame, addresses: pl.DataFrame, identifiers: pl.DataFrame) -> pl.DataFrame:
    own = entries.select("entry", country=pl.col("countries")).explode("country", empty_as_null=True)
    born = identifiers.filter(pl.col("id_type").is_in(_COUNTRY_TYPES)).select("entry", "country")
    countries = (
        pl.concat([own, addresses.select("entry", "country"), born])
        .drop_nulls()
        .group_by("entry")
        .agg(pl.col("country").unique().sort().alias("countries"))
    )
    none = pl.lit([], dtype=pl.List(pl.String))
    return (
        entries.drop("countries")
        .join(countries, on="entry", how="left")
        .select(
            "entry",
            "list",
            pl.col("party_type").fill_null("unknown"),
            pl.col("name").alias("primary_name"),
            pl.col("countries").fill_null(none),
            pl.col("programs").list.unique().list.sort().fill_null(none),
            pl.col("start").alias("listed_from"),
            pl.col("end").alias("listed_to"),
            "remarks",
            "source_ref",
        )
    )


def _names(entries: pl.DataFrame, further: pl.DataFrame) -> pl.DataFrame:
    primary = entries.select("entry", "name", name_kind=pl.lit("primary"), quality=pl.lit("strong"))
    names = pl.concat([primary, further.drop_nulls("name")])
    return names.with_columns(pl.col("quality").fill_null("strong"), script(names["name"]).alias("script"))


def _resolve_relations(relations: pl.DataFrame, names: pl.DataFrame, ids: pl.DataFrame) -> pl.DataFrame:
    """Fill in the id of the party that a relation names, where exactly one party of the same list has that name."""
    owners = (
        names.filter(quality="strong")
        .join(ids, on="entry")
        .select("list", "party_id", key=normalized(pl.col("name")))
    )
    alone = owners.unique().filter(pl.struct("list", "key").is_unique()).rename({"party_id": "found"})
    keyed = relations.join(ids.select("entry", "list"), on="entry", how="left").with_columns(
        key=normalized(pl.col("other_name"))
    )
    joined = keyed.join(alone, on=["list", "key"], how="left")
    return joined.with_columns(pl.coalesce("other_party_id", "found").alias("other_party_id")).select(
        relations.columns
    )


def _measures(entries: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    policy_text = pl.col("license_policy_raw")
    measures = entries.select(
        "entry",
        pl.col("license_requirement").alias("license_requirement_raw"),
        pl.col("license_policy").alias("license_policy_raw"),
        licensing.policy(pl.col("license_policy")).alias("license_policy"),
        licensing.footnotes(pl.col("license_requirement")).alias("footnotes"),
        pl.col("citations").fill_null(pl.lit([], dtype=pl.List(pl.String))),
        _ear_744_8().alias("ear_744_8"),
        "start",
        "end",
    )
    unread = [
        measures.filter(policy_text.is_not_null() & pl.col("license_policy").is_null()).select(
            "entry", field=pl.lit("license_policy"), text=policy_text
        ),
        measures.filter(licensing.unread_footnote(pl.col("license_requirement_raw"))).select(
            "entry", field=pl.lit("footnotes"), text="license_requirement_raw"
        ),
    ]
    return measures, pl.concat(unread)


def _ear_744_8() -> pl.Expr:
    """15 CFR 744.8(a)(1): fourteen program tags, on the SDN List only."""
    tagged = (
        pl.col("programs")
        .list.eval(pl.element().is_in(reference("ear_744_8_tags")["tag"].to_list()))
        .list.any()
        .fill_null(False)
    )
    return (pl.col("list") == "SDN") & tagged


def _by_party(table: str, frame: pl.DataFrame, ids: pl.DataFrame) -> pl.DataFrame:
    keyed = frame.drop("list", strict=False).join(ids, on="entry", how="left")
    columns = schema.TABLES[table]
    return in_order(table, keyed.select(pl.col(name).cast(kind) for name, kind in columns.items()))


def in_order(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Sort a table by party, primary name first, then by everything else: the order in which it is stored."""
    keys: list[pl.Expr] = [pl.col("party_id")]
    if table == "names":
        keys.append(pl.col("name_kind") != "primary")
    keys += [pl.col(name) for name, kind in schema.TABLES[table].items() if not isinstance(kind, pl.List)]
    return frame.sort(keys, nulls_last=True, maintain_order=True)
