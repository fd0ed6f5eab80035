"""The customers: who is screened."""

from __future__ import annotations

from screening.tables.inputs.columns import country, country_remarks, identifiers
from screening.tables.table import Column, Table

CUSTOMERS = Table(
    "customers",
    "One row a customer.",
    (
        Column("customer_id", "Id of the customer, unique and the same in every file", "id", needed=True),
        Column(
            "name", "Name as the customer writes it, in any script; where it is blank, the identifiers stand for it",
            needed=True, holds=("name",), instead="identifiers",
        ),
        Column(
            "party_type", "What the customer is", "choice",
            choices=("person", "organization", "vessel", "aircraft", "unknown"),
        ),
        Column(
            "other_names", "Former names, trading names, names in other scripts", "texts", holds=("name",)
        ),
        country("country", "Where the customer says it is"),
        country("hq_country", "Headquarters; Red Flag 28, Country Group D:5 and Macau hang on it"),
        country("incorporation_country", "Where it was founded"),
        Column("address", "Address in one line", holds=("address",)),
        Column(
            "date_of_birth",
            'A date, a month, a year, "circa 1960" or "1951 to 1953"; 03/04/1972 is read both ways; anything else is '
            "ignored and recorded as a problem",
            "birth date",
        ),
        identifiers(
            "Numbers as `type:value`, such as `lei:5493001KJTIIGC8Y1R12; imo:9074729; passport:75 1234567 (RU); "
            "ru-inn:7719404118; nationality:RU`; types in `screening/data/names/identifier_types.csv`, others are "
            "compared as passports and as numbers"
        ),
        Column(
            "parent_name", "The parent that the customer declares; counts as control of unknown share",
            holds=("name",),
        ),
        country("parent_country", "Where that parent is"),
        Column("incorporated_on", "Day of foundation", "date"),
        Column("segment", "Your own division of the book", "id", free_text="a word of your own house"),
        country_remarks(),
    ),
    key=("customer_id",),
)  # fmt: skip
