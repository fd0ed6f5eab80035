"""Names that a reader sees and a program would not: read as they look, and ordinary names left alone."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.matching import NameIndex, thresholds, with_second_names
from screening.names.disguise import PART, READ, readings
from screening.names.first_look import suspicious
from screening.names.hidden import hidden_signs

LISTED = {
    "person": "Viktor Anatolyevich Bout",
    "company": "Huawei Technologies Co., Ltd.",
    "short": "Phytium",
    "native": "Рособоронэкспорт",
    "vessel": "Arctic Pioneer",
}
Spelling = Callable[[str], str]


def between(mark: str) -> Spelling:
    return mark.join


def spelled(letters: str, others: str) -> Spelling:
    return lambda name: name.lower().translate(dict(zip(map(ord, letters), others, strict=True)))


def moved(small: int, capital: int) -> Spelling:
    """Letters of another block of Unicode in the order of the alphabet."""

    def written(name: str) -> str:
        return "".join(
            chr((small if c.islower() else capital) + ord(c.lower()) - 97)
            if c.isascii() and c.isalpha()
            else c
            for c in name
        )

    return written


def words_apart(mark: str) -> Spelling:
    return lambda name: "   ".join(mark.join(word) for word in name.split())


DISGUISES: dict[str, Spelling] = {
    "tag characters": between("\U000e0041\U000e0062"),
    "variation selectors": between("\ufe0f"),
    "variation selectors of the supplement": between("\U000e0101"),
    "zero width joiners": between("\u200d"),
    "soft hyphens": between("\u00ad"),
    "blank of Braille": between("\u2800"),
    "turned round": lambda name: "\u202e" + name[::-1] + "\u202c",
    "turned round in part": lambda name: name[:4] + "\u202e" + name[4:][::-1] + "\u202c",
    "isolates": between("\u2066\u2069"),
    "marks stacked": between("\u0335\u0321\u0489\u0316\u0300"),
    "emoji between letters": between("\U0001f600"),
    "emoji between words": lambda name: name.replace(" ", " \U0001f680 ") + "\U0001f680",
    "flags": moved(0x1F1E6, 0x1F1E6),
    "circles": moved(0x24D0, 0x24B6),
    "brackets": moved(0x249C, 0x249C),
    "mathematics": moved(0x1D41A, 0x1D400),
    "full width": lambda name: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in name),
    "small capitals": spelled("abcdehiklmnoprtuvw", "ᴀʙᴄᴅᴇʜɪᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡ"),
    "Cyrillic among Latin": spelled("aeopcyxih", "аеорсухіһ"),
    "Latin among Cyrillic": spelled("оеарс", "oeapc"),
    "Cherokee": spelled("aehio", "ꭺꭼꮒꭵꮎ"),
    "Armenian": spelled("unohgq", "սնoհցզ".replace("ն", "ո")),
    "digits": spelled("oieastbl", "01345781"),
    "a few digits": spelled("ei", "31"),
    "signs": spelled("asil", "@$!|"),
    "points": words_apart("."),
    "blanks": words_apart(" "),
    "stars": words_apart("*"),
    "one letter often": lambda name: name[:2] + name[2] * 20 + name[3:],
    "padding before": lambda name: "x " * 2000 + name,
    "padding after": lambda name: name + " x" * 2000,
    "padding between": lambda name: (" " + "x " * 300).join(name.split()),
    "words of Latin before": lambda name: "lorem ipsum dolor " * 700 + name,
    "one long word": lambda name: "z" * 5000 + " " + name,
    "colours": lambda name: name[:3] + "\x1b[1;31m" + name[3:] + "\x1b[0m",
    "title of a window": lambda name: "\x1b]0;title\x07" + name,
    "NUL": between("\x00"),
    "backspace": lambda name: name[:3] + "q\b" + name[3:],
    "carriage return": lambda name: name + "\rAcme",
    "tags": lambda name: name[:3] + "<b>" + name[3:] + "</b>",
    "entities": lambda name: "".join(f"&#{ord(c)};" for c in name),
    "entities without width": between("&#8203;"),
    "percent": lambda name: "".join(f"%{byte:02X}" for byte in name.encode()),
    "escapes": lambda name: "".join(f"\\u{ord(c):04x}" for c in name),
    "UTF-8 as Latin-1": lambda name: name.encode().decode("latin-1"),
}
ORDINARY = (
    "3M Company", "G4S plc", "7-Eleven", "Studio 54", "CETC 54", "Boeing 737 MAX Fund", "A.P. Moller - Maersk A/S",
    "S.R.L. Verdi", "AT&T Inc.", "Deutsche Börse AG", "شرکت می\u200cخواهم", "श्री\u200dराम", "Nguyễn Văn Thắng",
    "בְּנֵי בְּרַק", "Рога и Копыта", "Ernst & Young 2012 LLP", "Formula 1 Ltd", "20th Century Fox",
)  # fmt: skip


@pytest.fixture(scope="module")
def best() -> dict[tuple[str, str], float]:
    """Return the best score of every listed name in every disguise, all of them asked at once."""
    listed = pl.DataFrame({"party_id": [*LISTED], "name": [*LISTED.values()]})
    asked = [(f"{way}|{kind}", DISGUISES[way](name)) for way in DISGUISES for kind, name in LISTED.items()]
    queries = pl.DataFrame(asked, schema=["query_id", "name"], orient="row").with_columns(
        party_type=pl.lit(None, pl.String)
    )
    found = NameIndex.build(listed).match(with_second_names(queries))
    of_its_own = found.filter(pl.col("query_id").str.split("|").list.last() == pl.col("party_id"))
    scores = of_its_own.group_by("query_id").agg(pl.col("score").max())
    return {(way, kind): score for query, score in scores.rows() for way, kind in [query.split("|")]}


@pytest.mark.parametrize("way", DISGUISES)
def test_a_listed_name_is_found_in_every_disguise(best: dict[tuple[str, str], float], way: str) -> None:
    line = max(
        each["review"] for kind, each in thresholds().items() if kind in ("person", "organization", "vessel")
    )
    scores = {kind: best.get((way, kind), 0.0) for kind in LISTED}
    assert all(score >= line for score in scores.values()), scores


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_name_is_read_as_it_stands(name: str) -> None:
    assert readings(pl.Series([name])).is_empty()


def test_a_number_among_others_stays_a_number() -> None:
    """Only the words with digits for letters change, and the name as written stays a name."""
    given = pl.DataFrame({"name": ["V1kt0r 3000"], "party_type": [None]})
    assert with_second_names(given)["name"].to_list() == ["V1kt0r 3000", "Viktor 3000", "Vlktor 3000"]


def test_a_long_name_of_many_words_is_read_in_its_parts() -> None:
    """Whatever cannot be compared as one name is a lead, not a name of the party."""
    words = [
        f"{a}{b}" for a in ("lo", "mi", "tu", "ra", "se") for b in ("bad", "nor", "kes", "vil", "pom", "dut")
    ]
    found = readings(pl.Series([" ".join([*words, "Huawei Technologies", *reversed(words)])]))
    assert set(found["kind"]) == {PART}
    assert "Huawei Technologies" in found["name"].to_list()
    assert with_second_names(pl.DataFrame({"name": [" ".join(words)], "party_type": [None]})).height == 1


def test_a_disguise_of_a_counted_kind_is_marked_as_a_reading() -> None:
    assert set(readings(pl.Series(["H\u202eu\u202ca", "H u a w e i"]))["kind"]) == {READ}


def test_the_first_look_passes_nulls_and_empty_names() -> None:
    assert suspicious(pl.Series([None, "", " "], dtype=pl.String)).to_list() == [False] * 3


SIGNS = (
    "\x1b[",
    "\b",
    "\r",
    "\\ud800",
    "&#xD800;",
    "&#",
    "%C3",
    "<a ",
    "\u202e",
    "\u00ad",
    "a.",
    "1",
    "x ",
    "\ufffe",
    "\U0010ffff",
)


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40), st.sampled_from(SIGNS), st.integers(1, 40)
)
def test_no_name_stops_a_night(text: str, sign: str, times: int) -> None:
    names = pl.Series([text, sign * times, f"{text}{sign}{text}" * times])
    readings(names)
    assert all(name.isprintable() for name in hidden_signs(names)["name"])


@pytest.mark.parametrize("sign", SIGNS)
def test_a_huge_name_of_one_sign_is_read(sign: str) -> None:
    """Cost follows length: what is beyond all bounds is cut, and told of."""
    readings(pl.Series([sign * 20_000]))
    assert hidden_signs(pl.Series([sign * 20_000])).height <= 1
