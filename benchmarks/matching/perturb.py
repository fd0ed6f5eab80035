"""How names go wrong in customer files: one function a family, each taking a name and a random source.

A function returns the changed name, or None where the family does not apply to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from random import Random

import polars as pl

from benchmarks.matching.transliterate import romanization
from screening.names.lexicon import lexicon
from screening.names.rarity import common
from screening.names.tables import table

LEGAL = re.compile(
    r"\b(co\.?,? ?ltd\.?|limited liability company|limited|ltd\.?|llc|l\.l\.c\.?|inc\.?|corp\.?|gmbh|jsc|pjsc|ojsc|cjsc"
    r"|ooo|oao|zao|ao|pao|fze|fzco|fzc|s\.a\.?|sarl|plc|joint stock company|open joint stock company|company|pte"
    r"|sdn bhd|a\.s\.?|b\.v\.?)(?=[\s,.)]|$)[.,]*",
    re.IGNORECASE,
)
HEAD, UNSEEN = 13.0, 15.0  # bits from which a word may stand for a company, and of a word that is in no table
FORMS = ("Ltd", "Limited", "Co., Ltd.", "LLC", "Inc.", "Company Limited", "JSC", "Corporation", "GmbH", "FZE")
ABBREVIATIONS = {
    "technology": "Tech",
    "technologies": "Tech.",
    "international": "Intl",
    "company": "Co",
    "corporation": "Corp.",
    "industries": "Inds",
    "industrial": "Indl",
    "industry": "Ind.",
    "manufacturing": "Mfg",
    "engineering": "Engg",
    "development": "Dev",
    "electronics": "Elec.",
    "electronic": "Elec",
    "institute": "Inst.",
    "research": "Res.",
    "science": "Sci",
    "national": "Natl",
    "general": "Gen.",
    "trading": "Trdg",
    "shipping": "Shpg",
    "transportation": "Transp",
    "investment": "Inv.",
    "investments": "Invs",
    "university": "Univ.",
    "group": "Grp",
    "services": "Svcs",
    "service": "Svc",
    "department": "Dept",
    "management": "Mgmt",
    "equipment": "Equip.",
    "petroleum": "Petr.",
    "chemical": "Chem",
    "chemicals": "Chems",
    "communications": "Comms",
    "information": "Info",
    "aviation": "Avn",
    "association": "Assn",
    "center": "Ctr",
    "laboratory": "Lab",
    "limited": "Ltd",
    "brothers": "Bros",
    "enterprise": "Ent.",
    "enterprises": "Ents",
    "systems": "Sys",
    "construction": "Constr.",
    "logistics": "Log.",
    "holding": "Hldg",
    "holdings": "Hldgs",
    "bureau": "Bur.",
    "federal": "Fed.",
    "products": "Prods",
}
OCR = (
    ("rn", "m"), ("m", "rn"), ("l", "1"), ("i", "l"), ("o", "0"), ("s", "5"), ("cl", "d"), ("vv", "w"), ("w", "vv"),
    ("e", "c"), ("h", "b"), ("b", "6"), ("g", "q"), ("u", "v"), ("t", "f"), ("n", "ri"), ("z", "2"), ("a", "o"),
)  # fmt: skip
KEYS = ["qwertyuiop", "asdfghjkl", "zxcvbnm"]
HOMOGLYPHS = dict(zip("aceopxyijsAEOCPXTHKMB", "асеорхуіјѕАЕОСРХТНКМВ", strict=True))
ADDED = (
    "Group", "International", "Holding", "Trading", "Branch", "Beijing", "Moscow", "Dubai", "Services", "Europe",
    "Telecom", "Industrial", "Middle East", "Department", "Global",
)  # fmt: skip
Change = Callable[[str, Random], str | None]


def _words(name: str) -> list[str]:
    return name.replace(",", " ").split()


def _long_words(name: str, least: int = 5) -> list[str]:
    return [word for word in _words(LEGAL.sub(" ", name)) if len(word) >= least and word.isalpha()]


def typo(name: str, random: Random) -> str | None:
    """One slip of the keyboard in a word of five letters or more."""
    words = _long_words(name)
    if not words:
        return None
    word = random.choice(words)
    at = random.randrange(1, len(word))
    kind = random.choice(("drop", "double", "swap", "near", "near"))
    if kind == "drop":
        new = word[:at] + word[at + 1 :]
    elif kind == "double":
        new = word[:at] + word[at] + word[at:]
    elif kind == "swap":
        at = min(at, len(word) - 2)
        new = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    else:
        row = next((row for row in KEYS if word[at].lower() in row), None)
        if row is None:
            return None
        where = row.index(word[at].lower())
        near = row[max(0, where - 1)] if where else row[1]
        new = word[:at] + (near.upper() if word[at].isupper() else near) + word[at + 1 :]
    return None if new == word else name.replace(word, new, 1)


def two_typos(name: str, random: Random) -> str | None:
    once = typo(name, random)
    return typo(once, random) if once else None


def ocr(name: str, random: Random) -> str | None:
    """One or two letters misread by a scanner."""
    lower = name.lower()
    fitting = [pair for pair in OCR if pair[0] in lower]
    if len(name) < 8 or not fitting:
        return None
    for shape, read in random.sample(fitting, min(len(fitting), random.choice((1, 2)))):
        places = [found.start() for found in re.finditer(re.escape(shape), lower)]
        if places:
            at = random.choice(places)
            shown = read.upper() if name[at].isupper() else read
            name = name[:at] + shown + name[at + len(shape) :]
            lower = name.lower()
    return name


def word_order(name: str, random: Random) -> str | None:
    words = _words(name)
    if len(words) < 3:
        return None
    cut = random.randrange(1, len(words))
    return " ".join(words[cut:] + words[:cut])


def missing_word(name: str, random: Random) -> str | None:
    words = name.split()
    plain = [word for word in words if len(word) > 2 and not LEGAL.fullmatch(word.strip(",."))]
    if len(plain) < 3:
        return None
    words.remove(random.choice(plain[1:]))
    return " ".join(words)


def added_word(name: str, random: Random) -> str | None:
    words = name.split()
    words.insert(random.randrange(1, len(words) + 1), random.choice(ADDED))
    return " ".join(words)


def legal_form(name: str, random: Random) -> str | None:
    """The legal form dropped, changed or added."""
    bare = re.sub(r"[\s,.]+$", "", LEGAL.sub(" ", name)).strip()
    if len(bare) < 4:
        return None
    if bare != name and random.random() < 0.5:
        return bare
    return f"{bare} {random.choice(FORMS)}"


def abbreviation(name: str, random: Random) -> str | None:
    changed = [ABBREVIATIONS.get(word.lower().strip(",."), word) for word in name.split()]
    return None if changed == name.split() else " ".join(changed)


def head_word(name: str, random: Random) -> str | None:
    """The one word by which people call a company, with or without a legal form."""
    words, in_lexicon = re.findall(r"[^\W\d_]{4,}", name), lexicon().ids
    rare = {
        word: common("company").get(word.lower(), UNSEEN) for word in words if word.lower() not in in_lexicon
    }
    if (
        len(rare) == len(words) or not rare or max(rare.values()) < HEAD
    ):  # without a word of business it may be a person
        return None
    word = max(rare, key=lambda word: rare[word])
    return f"{word} {random.choice(FORMS)}" if random.random() < 0.3 else word


def translated(name: str, random: Random) -> str | None:
    """The words for what a company does in another language, as it is written in Latin letters there."""
    words = name.split()
    other = [_equivalents().get(word.lower().strip(",.")) for word in words]
    if not any(other) or all(other):
        return None
    return " ".join(random.choice(to).title() if to else word for word, to in zip(words, other, strict=True))


@cache
def _equivalents() -> dict[str, list[str]]:
    """Words for what a company does, each with its equivalents of five letters or more."""
    found: dict[str, list[str]] = {}
    formal = {
        word for forms in table("legal_forms")["forms"] for word in forms.lower().replace("|", " ").split()
    }
    for word, variants in (
        table("words").filter(pl.col("kind") == "generic").select("word", "variants").rows()
    ):
        forms = {form for form in (word, *variants.split("|")) if re.fullmatch("[a-z]{2,}", form)} - formal
        for form in sorted(forms):
            found.setdefault(form, sorted(other for other in forms if len(other) > 4 and other != form))
    return found


def joined(name: str, random: Random) -> str | None:
    words = name.split()
    places = [i for i in range(len(words) - 1) if words[i].isalpha() and words[i + 1].isalpha()]
    if not places:
        return None
    at = random.choice(places)
    return " ".join([*words[:at], words[at] + words[at + 1], *words[at + 2 :]])


def split(name: str, random: Random) -> str | None:
    words = [word for word in _words(name) if len(word) >= 6 and word.isalpha()]
    if not words:
        return None
    word = random.choice(words)
    at = random.randrange(2, len(word) - 1)
    return name.replace(word, f"{word[:at]} {word[at:]}", 1)


def truncated(name: str, random: Random) -> str | None:
    """Cut at 35 characters, as payment messages do."""
    return name[:35] if len(name) > 37 else None


def homoglyph(name: str, random: Random) -> str | None:
    places = [i for i, letter in enumerate(name) if letter in HOMOGLYPHS]
    if not places:
        return None
    letters = list(name)
    for at in random.sample(places, min(len(places), random.randrange(1, 4))):
        letters[at] = HOMOGLYPHS[letters[at]]
    return "".join(letters)


def initials(name: str, random: Random) -> str | None:
    """Given names cut to initials."""
    if "," not in name:
        return None
    family, given = (part.strip() for part in name.split(",", 1))
    parts = given.split()
    if not parts or len(family) < 3:
        return None
    first = [parts[0]] if len(parts) > 1 and random.random() < 0.6 else [parts[0][0] + "."]
    return " ".join([*first, *(part[0] + "." for part in parts[1:]), family])


def name_order(name: str, random: Random) -> str | None:
    """Family name last, as people write."""
    if "," not in name:
        return None
    family, given = (part.strip() for part in name.split(",", 1))
    return f"{given} {family}".title() if random.random() < 0.7 else f"{family} {given}".title()


def missing_given(name: str, random: Random) -> str | None:
    """One of several given names left out."""
    if "," not in name:
        return None
    family, given = (part.strip() for part in name.split(",", 1))
    parts = given.split()
    if len(parts) < 2:
        return None
    parts.pop(random.randrange(1, len(parts)))
    return f"{' '.join(parts)} {family}"


ORGANIZATION: dict[str, Change] = {
    "typo": typo, "two typos": two_typos, "ocr": ocr, "word order": word_order, "missing word": missing_word,
    "added word": added_word, "legal form": legal_form, "abbreviation": abbreviation, "joined": joined,
    "split": split, "truncated": truncated, "homoglyph": homoglyph, "romanization": romanization,
    "head word": head_word, "translated": translated,
}  # fmt: skip
PERSON: dict[str, Change] = {
    "typo": typo, "two typos": two_typos, "ocr": ocr, "name order": name_order, "initials": initials,
    "missing given": missing_given, "joined": joined, "split": split, "homoglyph": homoglyph,
    "romanization": romanization,
}  # fmt: skip
