"""Who provides the service: what of the law reaches the provider itself is stated in the run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Provider:
    """The provider's own profile. None means that nobody has said."""

    name: str
    us_person: bool | None = None
    eu_entities: bool | None = None

    def statements(self) -> tuple[str, ...]:
        """Return what the profile means for a reader of the run.

        >>> Provider("Cloud Inc.", us_person=True, eu_entities=False).statements()[0]
        'Cloud Inc. is a U.S. person: OFAC programmes and the support bans of 15 CFR 744.6 bind it.'
        """
        person = {
            True: "is a U.S. person: OFAC programmes and the support bans of 15 CFR 744.6 bind it.",
            False: "is not a U.S. person: OFAC and EAR still reach it through U.S. items, dollars, staff and owners.",
            None: "has not said whether it is a U.S. person; the run treats it as one.",
        }[self.us_person]
        blocking = {
            True: "has entities in the European Union: its blocking statute (Regulation (EC) 2271/96) may forbid them "
            "to follow Cuba and Iran measures; ask counsel before acting there.",
            False: "has no entities in the European Union.",
            None: "has not said whether it has entities in the European Union (blocking statute for Cuba and Iran).",
        }[self.eu_entities]
        return (f"{self.name} {person}", f"{self.name} {blocking}")
