"""The records of OFAC's advanced XML, taken from their elements as the file streams by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from lists.sources.ofac import full_name
from lists.sources.ofac_advanced_dates import day, period
from lists.xml import Element, child_text, text

_KINDS = {"A.K.A.": "aka", "F.K.A.": "fka", "N.K.A.": "nka"}
_ADDRESS = "Location"
_PROGRAM = "Program"
_LAST_NAME = "Last Name"
_LATIN = "Latin"
_PRIMARY_LATIN = "Primary Latin"
_LINES = ("ADDRESS1", "ADDRESS2", "ADDRESS3")


@dataclass(frozen=True, slots=True)
class Place:
    """A place: its parts by kind and its country's name."""

    parts: dict[str, str]
    country: str | None

    @property
    def raw(self) -> str | None:
        """The place in one line."""
        return ", ".join(filter(None, (*self.parts.values(), self.country))) or None


@dataclass(slots=True)
class Records:
    """Everything read from the file so far, keyed by profile; `subjects` gives the profile of each record."""

    published: date | None = None
    codes: dict[tuple[str, str], str] = field(default_factory=dict)
    party_type_by_subtype: dict[str, str] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    profile_by_identity: dict[str, str] = field(default_factory=dict)  # identity to profile
    parties: dict[str, tuple[object, ...]] = field(default_factory=dict)  # profile, name, type, remarks, row
    names: list[tuple[object, ...]] = field(default_factory=list)
    addresses: list[tuple[object, ...]] = field(default_factory=list)
    facts: list[tuple[object, ...]] = field(default_factory=list)
    documents: list[tuple[str, str]] = field(default_factory=list)  # identity, text
    relations: list[tuple[object, ...]] = field(default_factory=list)
    listings: list[tuple[object, ...]] = field(default_factory=list)
    profiles_by_kind: dict[str, list[str | None]] = field(default_factory=dict)
    lost_places: int = 0

    @property
    def subjects(self) -> dict[str, list[tuple[int, str | None]]]:
        """Kind of record: its number and its profile, None where it names none."""
        by_profile = {kind: list(enumerate(keys, start=1)) for kind, keys in self.profiles_by_kind.items()}
        documents = by_profile.get("IDRegDocument", [])
        by_profile["IDRegDocument"] = [
            (row, self.profile_by_identity.get(key or "")) for row, key in documents
        ]
        return {kind: rows for kind, rows in by_profile.items() if rows}

    def take(self, section: str, element: Element) -> None:
        """Take one closed element of the file."""
        match section:
            case "DateOfIssue":
                self.published = self.published or day(element)
            case "ReferenceValueSets":
                self._codes(element)
            case "Location":
                self.places[element.get("ID", "")] = self._place(element)
            case "IDRegDocument":
                self._count_record(section, element.get("IdentityID"))
                self.documents.append((element.get("IdentityID", ""), self._document(element)))
            case "DistinctParty":
                self._party(element)
            case "ProfileRelationship":
                self._relation(element)
            case "SanctionsEntry":
                self._listing(element)

    def _count_record(self, kind: str, profile: str | None) -> int:
        self.profiles_by_kind.setdefault(kind, []).append(profile)
        return len(self.profiles_by_kind[kind])

    def _code(self, kind: str, key: str | None) -> str:
        return self.codes.get((kind, key or ""), key or "")

    def _codes(self, element: Element) -> None:
        for group in element:
            kind = str(group.tag).rpartition("}")[2].removesuffix("Values")
            for value in group:
                self.codes[kind, value.get("ID", "")] = (value.text or "").strip()
                if kind == "PartySubType":
                    self.party_type_by_subtype[value.get("ID", "")] = value.get("PartyTypeID", "")

    def _place(self, element: Element) -> Place:
        parts = {}
        for part in element.iterfind("{*}LocationPart"):
            if value := child_text(part, "LocationPartValue/Value"):
                parts[self._code("LocPartType", part.get("LocPartTypeID"))] = value
        country = element.find("{*}LocationCountry")
        return Place(parts, self._code("Country", country.get("CountryID")) if country is not None else None)

    def _document(self, element: Element) -> str:
        kind = self._code("IDRegDocType", element.get("IDRegDocTypeID"))
        country = element.get("IssuedBy-CountryID")
        number = child_text(element, "IDRegistrationNo") or ""
        return f"{kind} {number}" + (f" ({self._code('Country', country)})" if country else "")

    def _party(self, element: Element) -> None:
        profile = element.find("{*}Profile")
        key = profile.get("ID") if profile is not None else None
        found = list(self._names(element))
        primary = next((name for name, _, _, is_primary in found if is_primary), None)
        row = self._count_record("DistinctParty", key if primary else None)
        if profile is None or key is None or primary is None:
            return
        for identity in profile.iterfind("{*}Identity"):
            self.profile_by_identity[identity.get("ID", "")] = key
        self.parties[key] = (key, primary, self._party_type(profile), child_text(element, "Comment"), row)
        self.names += [(key, name, kind, quality) for name, kind, quality, first in found if not first]
        for feature in profile.iterfind("{*}Feature"):
            self._feature(key, feature)

    def _party_type(self, profile: Element) -> str:
        sub = profile.get("PartySubTypeID", "")
        own = self._code("PartySubType", sub)
        return own if own != "Unknown" else self._code("PartyType", self.party_type_by_subtype.get(sub))

    def _names(self, element: Element) -> Iterator[tuple[str, str, str, bool]]:
        """Yield name, kind, quality and whether it is the primary one; a name may be written in several scripts."""
        part_types = {
            group.get("ID"): self._code("NamePartType", group.get("NamePartTypeID"))
            for group in element.iter("{*}NamePartGroup")
        }
        found = []
        for alias in element.iter("{*}Alias"):
            kind = _KINDS.get(self._code("AliasType", alias.get("AliasTypeID")), "aka")
            quality = "weak" if alias.get("LowQuality") == "true" else "strong"
            for documented in alias.iterfind("{*}DocumentedName"):
                if name := self._name(documented, part_types):
                    status = self._code("DocNameStatus", documented.get("DocNameStatusID"))
                    rank = alias.get("Primary") != "true", status != _PRIMARY_LATIN
                    found.append((rank, name, kind, quality))
        first = min(found, key=lambda one: one[0], default=None)
        for one in found:
            yield *one[1:], one is first

    def _name(self, documented: Element, part_types: dict[str | None, str]) -> str | None:
        values = list(documented.iter("{*}NamePartValue"))
        if not all(self._code("Script", value.get("ScriptID")) == _LATIN for value in values):
            return " ".join(filter(None, map(text, values))) or None
        last = [value for value in values if part_types.get(value.get("NamePartGroupID")) == _LAST_NAME]
        others = [value for value in values if value not in last]
        return full_name(*(" ".join(filter(None, map(text, part))) or None for part in (last, others)))

    def _feature(self, key: str, feature: Element) -> None:
        kind = self._code("FeatureType", feature.get("FeatureTypeID")).strip()
        for version in feature.iterfind("{*}FeatureVersion"):
            for at in version.iterfind("{*}VersionLocation"):
                place = self.places.get(at.get("LocationID", ""))
                if place is None:
                    self.lost_places += 1
                elif kind == _ADDRESS:
                    self.addresses.append(_address(key, place))
                else:
                    self.facts.append((key, f"{kind} {place.raw or ''}"))
            details = [
                self._code("DetailReference", detail.get("DetailReferenceID")) or text(detail) or ""
                for detail in version.iterfind("{*}VersionDetail")
            ]
            dates = [period(dated) for dated in version.iterfind("{*}DatePeriod")]
            value = " ".join(filter(None, [*details, *dates]))
            if value:
                self.facts.append((key, f"{kind} {value}"))

    def _relation(self, element: Element) -> None:
        key, other = element.get("From-ProfileID"), element.get("To-ProfileID")
        self._count_record("ProfileRelationship", key)
        words = self._code("RelationType", element.get("RelationTypeID"))
        former = " (former)" if element.get("Former") == "true" else ""
        relation = words.lower().replace(",", "").replace(" ", "_")
        self.relations.append((key, relation, other, f"{words}{former} {other}"))

    def _listing(self, element: Element) -> None:
        key = element.get("ProfileID")
        self._count_record("SanctionsEntry", key)
        days = [day(dated) for dated in element.iterfind("{*}EntryEvent/{*}Date")]
        programs = []
        for measure in element.iterfind("{*}SanctionsMeasure"):
            kind, comment = (
                self._code("SanctionsType", measure.get("SanctionsTypeID")),
                child_text(measure, "Comment"),
            )
            if kind == _PROGRAM:
                programs.append(comment)
            else:
                self.facts.append((key, f"Sanction: {kind} {comment or ''}"))
        printed = self._code("List", element.get("ListID"))
        self.listings.append((key, printed, min(filter(None, days), default=None), programs))


def _address(key: str, place: Place) -> tuple[object, ...]:
    street = ", ".join(place.parts[line] for line in _LINES if line in place.parts) or None
    parts = place.parts
    region = parts.get("STATE/PROVINCE") or parts.get("REGION")
    return key, place.raw, street, parts.get("CITY"), region, parts.get("POSTAL CODE"), place.country
