"""How names change between scripts: other romanizations, and Latin letters written back in Cyrillic and Arabic ones.

A function returns the changed name, or None where it does not apply to it.
"""

from __future__ import annotations

import re
from random import Random

ROMANIZATIONS = (
    ("kh", "h"), ("yev", "ev"), ("iy", "y"), ("yy", "y"), ("zh", "j"), ("ts", "tz"), ("ch", "tch"), ("sh", "sch"),
    ("v", "w"), ("ov", "off"), ("ya", "ia"), ("yu", "iu"), ("ou", "u"), ("oo", "u"), ("ee", "i"), ("q", "k"),
    ("q", "gh"), ("aa", "a"), ("ein", "een"), ("ohamm", "uhamm"), ("hm", "hme"), ("al-", "el-"), ("al-", "al "),
    ("dh", "d"), ("th", "s"), ("ss", "s"), ("mm", "m"), ("ll", "l"), ("iya", "ia"), ("ayn", "ein"), ("awi", "aoui"),
    ("sh", "ch"), ("ai", "ay"), ("j", "dj"), ("f", "ph"), ("x", "ks"), ("e", "i"), ("o", "u"), ("i", "y"), ("a", "e"),
)  # fmt: skip


def romanization(name: str, random: Random) -> str | None:
    """The same sounds by another system of romanization."""
    lower = name.lower()
    fitting = [pair for pair in ROMANIZATIONS if pair[0] in lower[1:]]
    if not fitting:
        return None
    for system, other in random.sample(fitting, min(len(fitting), random.choice((1, 2, 2, 3)))):
        at = name.lower().find(system, 1)
        if at > 0:
            name = name[:at] + (other.upper() if name[at].isupper() else other) + name[at + len(system) :]
    return name


def cyrillic(name: str, random: Random) -> str | None:
    """A romanized Russian name back in Cyrillic letters."""
    text = name.lower()
    for latin, letter in _BACK:
        text = text.replace(latin, letter)
    return text.title() if not re.search("[a-z]", text) else None


_BACK = (
    ("shch", "щ"), ("yev", "ев"), ("zh", "ж"), ("kh", "х"), ("ts", "ц"), ("ch", "ч"), ("sh", "ш"), ("yu", "ю"),
    ("ya", "я"), ("yo", "ё"), ("iy", "ий"), ("yy", "ый"), ("ey", "ей"), ("ay", "ай"), ("oy", "ой"), ("iu", "ю"),
    ("ia", "ия"), ("y", "ы"), ("a", "а"), ("b", "б"), ("v", "в"), ("g", "г"), ("d", "д"), ("e", "е"), ("z", "з"),
    ("i", "и"), ("k", "к"), ("l", "л"), ("m", "м"), ("n", "н"), ("o", "о"), ("p", "п"), ("r", "р"), ("s", "с"),
    ("t", "т"), ("u", "у"), ("f", "ф"), ("h", "х"), ("c", "к"), ("w", "в"), ("x", "кс"), ("j", "дж"), ("'", "ь"),
)  # fmt: skip


def arabic(name: str, random: Random) -> str | None:
    """A romanized Arabic or Persian name in Arabic letters, short vowels unwritten as usual."""
    text = re.sub(r"[^a-z ]", " ", name.lower().replace("-", " ").replace("'", ""))
    words = []
    for word in text.split():
        out = re.sub(r"(.)\1", r"\1", word)
        if word in {"al", "el"}:
            words.append("ال")
            continue
        for latin, letter in _ARABIC:
            out = out.replace(latin, letter)
        out = re.sub(r"(?<!^)[ae](?!$)", lambda found: random.choice(("", "", "ا")), out)
        out = re.sub("[ae]", "ا", out)
        out = re.sub(r"(?<!^)[ou]", lambda found: random.choice(("", "و")), out)
        out = re.sub(r"(?<!^)i", lambda found: random.choice(("", "ي")), out)
        out = re.sub("[oui]", "ا", out)
        words.append(out)
    joined_text = " ".join(words).replace("ال ", "ال")
    return joined_text if joined_text and not re.search("[a-z]", joined_text) else None


_ARABIC = (
    ("kh", "خ"), ("sh", "ش"), ("gh", "غ"), ("th", "ث"), ("dh", "ذ"), ("zh", "ژ"), ("ch", "چ"), ("oo", "و"), ("ou", "و"),
    ("ee", "ي"), ("b", "ب"), ("t", "ت"), ("j", "ج"), ("h", "ح"), ("d", "د"), ("r", "ر"), ("z", "ز"), ("s", "س"),
    ("f", "ف"), ("q", "ق"), ("k", "ک"), ("l", "ل"), ("m", "م"), ("n", "ن"), ("v", "و"), ("w", "و"), ("y", "ي"),
    ("p", "پ"), ("g", "گ"), ("c", "ک"),
)  # fmt: skip
