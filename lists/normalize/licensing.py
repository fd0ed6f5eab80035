"""Entity List measures as columns: footnotes and review policy, read from free text (Supp. 4 to part 744).

The text is typed by hand: about ninety requirement strings and eighty policy strings for eight meanings, typos
included. What the patterns do not read stays null and is reported as a defect, never guessed.
"""

from __future__ import annotations

import polars as pl

from lists.reference import reference


def footnotes(requirement: pl.Expr) -> pl.Expr:
    """Return the footnotes of an entry, derived from the section it cites, not from the loose digit.

    >>> text = pl.lit("For all items subject to the EAR (see §§ 734.9(g),3 746.8(a)(3), and 744.21(b) of the EAR)")
    >>> pl.select(footnotes(text)).item().to_list()
    [3]
    """
    text = requirement.fill_null("").str.replace_all(r"\s", "")
    product_rule = (
        pl.when(text.str.contains(r"734\.9\(e\)\(3\)|734\.4\(a\)\(9\)"))
        .then(5)
        .when(text.str.contains(r"734\.9\(e\)\(2\)"))
        .then(4)
        .when(text.str.contains(r"734\.9\(e\)(\(1\)|1)"))
        .then(1)
        .when(text.str.contains(r"734\.9\(e\).*\)4\.?$"))
        .then(4)
    )
    russia = pl.when(text.str.contains(r"734\.9\(g\)")).then(3)
    return pl.concat_list(russia, product_rule).list.drop_nulls().list.sort().cast(pl.List(pl.Int64))


def unread_footnote(requirement: pl.Expr) -> pl.Expr:
    """Tell whether the text cites 734.9(e) without saying which paragraph: for a human to resolve."""
    cites = requirement.fill_null("").str.replace_all(r"\s", "").str.contains(r"734\.9\(e\)")
    return cites & ~footnotes(requirement).list.set_intersection([1, 4, 5]).list.len().cast(pl.Boolean)


def policy(text: pl.Expr) -> pl.Expr:
    """Return the review policy by its code, null where no pattern reads the text.

    >>> frame = pl.DataFrame({"p": ["Presumption for denial.", "Casa-by-case basis", "See §744.2(d)", "Ask us"]})
    >>> frame.select(policy(pl.col("p"))).to_series().to_list()
    ['presumption_of_denial', 'case_by_case', 'see_section', None]
    """
    patterns = reference("license_policies").select("pattern", "policy")
    plain = text.str.to_lowercase().str.replace_all(r"[\s-]+", " ")
    return pl.coalesce(
        pl.when(plain.str.contains(pattern)).then(pl.lit(code)) for pattern, code in patterns.iter_rows()
    )
