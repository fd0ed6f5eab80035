"""Places as people write them: countries in a column, countries, towns and embargoed regions inside an address."""

from screening.places.conflicts import address_conflicts
from screening.places.countries import read_countries
from screening.places.postcodes import phone_places
from screening.places.tables import place_label
from screening.places.text import lead_in_name, places_in_text

__all__ = [
    "address_conflicts",
    "lead_in_name",
    "phone_places",
    "place_label",
    "places_in_text",
    "read_countries",
]
