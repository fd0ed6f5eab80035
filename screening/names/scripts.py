"""Other scripts into Latin letters: one reading a script, so that the same name always looks the same."""

from __future__ import annotations

import re
from functools import cache

import polars as pl

from screening.names import han
from screening.names.hangul import hangul
from screening.names.tables import table

INVISIBLE = (
    r"[\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F"
    r"\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFE00-\uFE0F\uFEFF]"
)
_WORDLESS = re.compile(r"[\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7AF\u0E00-\u0E7F]")
_ARTICLE = re.compile(r"\b(و?)ال(?=\w{3})")  # the Arabic article, written with its noun
_ABD = re.compile(r"\bعبد[ \u200c]?ال")
_ALLAH = re.compile(r"(?<=\w)[ \u200c]?الله")  # the second half of a name: نصر الله is Nasrallah
_WAW = re.compile(
    r"\bو(?=[^\W\d_])|و(?=[اآأيیى])"
)  # a consonant at the beginning of a word and before a vowel
_PERSIAN = re.compile(r"^.*[پچژگکی].*$", re.MULTILINE)  # where letters of Arabic are read as they are in Iran
_IN_IRAN = str.maketrans({"ض": "z", "ذ": "z", "ث": "s"})
_AYN = re.compile(r"ع\b")  # not heard at the end of a word
_LATIN = re.compile(r"[a-zà-öø-ÿ]")
_OTHER_ALPHABET = re.compile(
    r"(?<![^\W\d_])[^\W\d_]*(?=[\u0370-\u03FF\u0400-\u052F\u0250-\u02AF])[^\W\d_]+"
)  # words with a letter that may look like a Latin one


def latin(names: pl.Series) -> pl.Series:
    """Read lower-case names of any script as ASCII; a name that is ASCII already comes back as it is.

    In scripts written without blanks (Chinese, Japanese, Korean, Thai) the words of the lexicon are put into English
    first (`技术` becomes `technology`) and the remaining characters read one syllable a word.

    >>> latin(pl.Series(["сухой", "müller", "華為技術"])).to_list()
    ['sukhoy', 'muller', 'hua wei technology']
    """
    foreign = names.str.contains(r"[^\x00-\x7F]").fill_null(False)
    if not foreign.any():
        return names
    rows = foreign.arg_true()
    text = names.gather(rows)
    distinct = text.unique(maintain_order=True)
    read = pl.Series(_read(distinct.to_list()), dtype=pl.String)
    return names.scatter(rows, text.replace_strict(distinct, read))


def _read(names: list[str]) -> list[str]:
    """Read a list of names at once: the steps below work on one joined text, a name a line."""
    text = "\n".join(name.replace("\n", " ") for name in names)
    text = re.sub(INVISIBLE, "", text)
    text = _OTHER_ALPHABET.sub(_unmix, text)
    text = _wordless_lines(text)
    text = _ALLAH.sub("allah", text.replace("ة الله", "ت الله")).replace("الله", "allah ")
    text = _ARTICLE.sub("\\1ال ", _ABD.sub("abd al ", text))
    text = _PERSIAN.sub(_in_iran, text)
    text = _AYN.sub("", _WAW.sub("w", text)).translate(_letters())
    frame = pl.DataFrame({"name": text.split("\n")}).select(
        pl.col("name").str.normalize("NFKD").str.replace_all(r"\p{M}+", "")
    )
    read = frame["name"]
    rest = read.str.contains(r"[^\x00-\x7F]").arg_true()
    if not rest.is_empty():
        read = read.scatter(rest, pl.Series(_floor(read.gather(rest).to_list()), dtype=pl.String))
    return read.str.replace_all(r"[ \t]+", " ").str.strip_chars().to_list()


def _in_iran(found: re.Match[str]) -> str:
    """Read letters as in Iran; between t and z there is a short vowel (Morteza), else they would be one sound."""
    return found.group().replace("تض", "تاض").translate(_IN_IRAN)


def _unmix(found: re.Match[str]) -> str:
    """Undo look-alike letters in a word that mixes Latin with another alphabet."""
    word = found.group()
    return word.translate(_lookalikes()) if _LATIN.search(word) else word


def _wordless_lines(text: str) -> str:
    """Read the lines with a script without blanks; the others have nothing that could be found."""
    lines = text.split("\n")
    rows = [row for row, line in enumerate(lines) if _WORDLESS.search(line)]
    read = _wordless("\n".join(lines[row] for row in rows)).split("\n") if rows else []
    for row, line in zip(rows, read, strict=True):
        lines[row] = line
    return "\n".join(lines)


def _wordless(text: str) -> str:
    """Read a script without blanks."""
    text = han.numerals(han.simplify(text))
    words = _words()
    text = "".join(f" {words[part]} " if part in words else part for part in _word_pattern().split(text))
    return han.pinyin(hangul(text))


@cache
def _words() -> dict[str, str]:
    """Return the words of the scripts without blanks, with the English word that stands for them."""
    found: dict[str, str] = {}
    for words, english in _equivalents():
        for word in words.split("|"):
            if len(word) > 1 and _WORDLESS.search(word):
                found.setdefault(han.simplify(word.lower()).replace(" ", ""), english)
    return found


def _equivalents() -> list[tuple[str, str]]:
    rows = [
        *table("words").filter(pl.col("kind") != "title").select("variants", "word").rows(),
        *table("places").select("variants", "word").rows(),
        *table("legal_forms").select("forms", pl.col("class").replace_strict(_legal_words())).rows(),
    ]
    return [(str(variants), str(word)) for variants, word in rows]


def _legal_words() -> dict[str, str]:
    """Return the first form of each class of legal forms."""
    first = table("legal_forms").unique("class", keep="first", maintain_order=True)
    return {kind: forms.split("|")[0].lower() for kind, forms in first.select("class", "forms").rows()}


@cache
def _word_pattern() -> re.Pattern[str]:
    longest_first = sorted(_words(), key=lambda word: (-len(word), word))
    return re.compile("(" + "|".join(map(re.escape, longest_first)) + ")")


@cache
def _letters() -> dict[int, str]:
    rows = table("characters").select("from", "to").rows()
    return {ord(letter): str(latin_letter) for letter, latin_letter in rows}


@cache
def _lookalikes() -> dict[int, str]:
    alike = table("look_alikes").filter(pl.col("script").is_in(["cyrillic", "greek", "latin"]))
    rows = alike.select("letter", "reads").rows()
    return {ord(letter): str(latin_letter) for letter, latin_letter in rows}


def _floor(names: list[str]) -> list[str]:
    """Read what no table of ours reads."""
    from anyascii import anyascii  # noqa: PLC0415

    return [anyascii(name).lower() for name in names]
