"""Contact details of two sides: e-mail addresses, internet domains and telephones, made alike and compared.

A detail that is equal does not make two parties one. It tells that they can be reached together, which is a lead (Supp.
3 to part 732, Red Flag 24). Domains of public mail providers and of sites where anybody has a page tell nothing.
"""

from __future__ import annotations

import polars as pl

from screening.law import table

DETAILS = {
    "subject_id": pl.String(),
    "kind": pl.String(),  # email, domain, phone
    "key": pl.String(),  # equal where the detail may be
    "digits": pl.String(),  # of a telephone
    "whole": pl.Boolean(),  # whether it is a host itself, not a domain above one
    "written": pl.String(),
}
EMAIL, DOMAIN, PHONE = "email", "domain", "phone"
_MAIL = r"[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+"
_HOST = r"^(?:[a-z][a-z0-9+.-]*://)?(?:[^@/\s]*@)?(?:www\d?\.)?([\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+)\.?(?:[:/?#\s].*)?$"
_EXTENSION = r"(?i)\s*(?:ext|extension|x|#|доб)\.?\s*\d{1,6}\s*$"
_FIRST, _LAST = 9, 15
"""Fewest and most digits of a telephone number that says whose it is."""


def typed_details(identifiers: pl.DataFrame) -> pl.DataFrame:
    """Return what is a contact detail among numbers that customers write as `type:value` (subject_id, text).

    Columns: subject_id, kind, text.

    >>> typed_details(pl.DataFrame({"subject_id": ["c", "c"], "text": ["E-mail: a@b.ru", "lei:1"]})).row(0)
    ('c', 'email', 'a@b.ru')
    """
    kinds = dict(table("contact_types").select("type", "kind").iter_rows())
    word = pl.col("text").str.extract(r"^\s*([A-Za-z][A-Za-z _-]*?)\s*:").str.to_lowercase()
    kind = word.str.replace_all(r"[\s_-]+", "_").replace_strict(kinds, default=None, return_dtype=pl.String)
    value = pl.col("text").str.replace(r"^[^:]*:\s*", "")
    return identifiers.select("subject_id", kind=kind, text=value).drop_nulls()


def read_details(texts: pl.DataFrame) -> pl.DataFrame:
    """Read contact details (subject_id, kind, text): columns of `DETAILS`, each once, sorted.

    An e-mail address is also its domain and the domains above that; a text that is no detail of its kind is left out.

    >>> given = pl.DataFrame({"subject_id": ["c"], "kind": ["email"], "text": ["Info@Mail.Volga.ru"]})
    >>> read_details(given)["key"].to_list()
    ['mail.volga.ru', 'volga.ru', 'info@mail.volga.ru']
    """
    rows = texts.select("subject_id", "kind", "text").cast(pl.String).drop_nulls()
    mails = (
        rows.filter(pl.col("text").str.contains("@", literal=True))
        .with_columns(written=pl.col("text").str.extract_all(_MAIL))
        .explode("written", empty_as_null=False)
        .with_columns(kind=pl.lit(EMAIL), key=pl.col("written").str.to_lowercase())
    )
    sites = rows.filter(pl.col("kind") == DOMAIN).with_columns(
        written=pl.col("text").str.strip_chars().str.split(";").list.first().str.split(",").list.first()
    )
    hosts = pl.concat(
        [
            mails.select("subject_id", "written", host=pl.col("key").str.extract(r"@(.+)$")),
            sites.select(
                "subject_id", "written", host=pl.col("written").str.to_lowercase().str.extract(_HOST)
            ),
        ]
    )
    digits = (
        pl.col("written").str.replace(_EXTENSION, "").str.replace_all(r"\D", "").str.strip_chars_start("0")
    )
    digits = digits.str.replace(r"^8(\d{10})$", "7$1")
    phones = (
        rows.filter(pl.col("kind") == PHONE)
        .with_columns(written=pl.col("text").str.split(";"))
        .explode("written", empty_as_null=False)
        .with_columns(digits=digits)
        .filter(pl.col("digits").str.len_chars().is_between(_FIRST, _LAST))
        .with_columns(key=pl.col("digits").str.slice(-_FIRST))
    )
    found = pl.concat([mails, _domains(hosts), phones], how="diagonal").select(
        pl.col(name).cast(dtype) for name, dtype in DETAILS.items()
    )
    return found.drop_nulls("key").unique().sort(list(DETAILS))


def equal_details(ours: pl.DataFrame, theirs: pl.DataFrame) -> pl.DataFrame:
    """Return the details that both sides have: subject_id, their_id, kind, written, their_written.

    `ours`, `theirs`: as from `read_details`; of a domain that lies above ours theirs must be the whole name. One
    telephone number may lack the country, or have a zero or, in Russia, an eight for it.
    """
    whole = theirs.filter(pl.col("whole").fill_null(True))
    right = whole.select("kind", "key", their_id="subject_id", their_digits="digits", their_written="written")
    pairs = ours.join(right, on=["kind", "key"])
    longer = pl.when(pl.col("digits").str.len_chars() >= pl.col("their_digits").str.len_chars())
    long, short = (
        longer.then(first).otherwise(second)
        for first, second in (("digits", "their_digits"), ("their_digits", "digits"))
    )
    same = long.str.ends_with(short)
    equal = pairs.filter((pl.col("kind") != PHONE) | same.fill_null(False))
    return equal.select("subject_id", "their_id", "kind", "written", "their_written")


def _domains(hosts: pl.DataFrame) -> pl.DataFrame:
    """Return each host and the domains above it, except those where anybody has a mailbox or a page."""
    labels = pl.col("host").str.split(".")
    public = pl.concat([table("freemail")["domain"], table("shared_hosts")["domain"]]).implode()
    above = [
        pl.when(labels.list.len() >= count).then(labels.list.tail(count).list.join("."))
        for count in (2, 3, 4)
    ]
    named = (
        hosts.drop_nulls("host")
        .with_columns(key=pl.concat_list([pl.col("host"), *above]))
        .explode("key", empty_as_null=False)
        .drop_nulls("key")
        .unique()
    )
    barred = pl.any_horizontal(
        pl.col("key").is_in(public), *(level.is_in(public).fill_null(False) for level in above)
    )
    whole = pl.col("key") == pl.col("host")
    return named.filter(~barred).select("subject_id", "key", whole=whole, written="key", kind=pl.lit(DOMAIN))
