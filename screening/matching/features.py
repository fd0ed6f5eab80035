"""An aligned pair of names as features: what agrees, what is left over, what contradicts (compiled by numba).

`feature_table` names the features and says what each is.
"""

from __future__ import annotations

import numpy as np

from screening.compiled import compiled
from screening.matching.align import ALIKE, NAME_BEGIN, NAME_SPAN, QUERY_BEGIN, QUERY_SPAN, WEIGHT
from screening.matching.align import TRANSLATED as IN_MEANING
from screening.matching.edit_distance import common_letters, spell_out, write_out
from screening.matching.feature_table import (
    COUNTRY,
    COVERED_NAME,
    COVERED_QUERY,
    CRAFT,
    CUT,
    DISTINCTIVE,
    EVIDENCE,
    INITIALS,
    LEFT_NAME,
    LEFT_QUERY,
    LEGAL,
    LETTERS,
    LOST,
    MATCHED,
    MOST_NAME,
    MOST_QUERY,
    NUMBERS,
    ORDER,
    OTHER_TYPE,
    PLACES,
    PROMINENT,
    REST,
    SIMILARITY,
    SPELLING,
    STRONGEST,
    TRANSLATED,
    WEAK,
    WRITTEN,
)
from screening.matching.postings import CRAFT as CRAFT_KIND
from screening.matching.postings import EITHER
from screening.names.lexicon import LEGAL as LEGAL_WORD
from screening.names.lexicon import NUMBER, PLACE, STOP

DISTINCTIVE_FROM = 0.45
"""A word of this weight or more is one by which a name is recognised."""
AFTER_CUT = 0.15
"""The share that a listed word counts which a cut query could not show."""


@compiled
def write_features(  # type: ignore[no-untyped-def]
    query, name, queries, listed, worth_q, worth_n, words, postings, work, is_cut, pairs, count, taken_q, taken_n,
    as_person, out,
):  # fmt: skip
    """Write the features of an alignment to `out`.

    Arguments as for `align`, and what it returned. `is_cut`: the query ends where a field of a payment message ends.
    `as_person`: the pair is weighed as names of persons.
    """
    out[:] = 0.0
    furthest = _agreement(query, name, queries, listed, worth_q, worth_n, words, pairs, count, as_person, out)
    taken_n = _left_over(
        query, name, queries, listed, worth_q, worth_n, words, is_cut, furthest, taken_q, taken_n, as_person, out
    )  # fmt: skip
    out[WEAK] = postings.weak[name]
    kind_q, kind_n = queries.kind[query], listed.kind[name]
    out[OTHER_TYPE] = EITHER not in (kind_q, kind_n) and kind_q != kind_n
    out[CRAFT] = kind_n >= CRAFT_KIND and kind_q != kind_n
    country_q, country_n = queries.country[query], listed.country[name]
    out[COUNTRY] = 0.0 if country_q < 0 or country_n < 0 else (1.0 if country_q == country_n else -1.0)
    _spellings(query, name, queries, listed, words, work, taken_q, taken_n, out)
    out[ORDER] = _out_of_order(pairs, count)
    out[CUT] = is_cut
    aligned = out[MATCHED] + out[LOST]
    if aligned > 0.0:
        out[SIMILARITY] = out[MATCHED] / (aligned + out[LEFT_QUERY] + out[LEFT_NAME])
        out[COVERED_QUERY] = out[MATCHED] / (aligned + out[LEFT_QUERY])
        out[COVERED_NAME] = out[MATCHED] / (aligned + out[LEFT_NAME])
        out[SPELLING] = out[LOST] / aligned


@compiled
def _agreement(query, name, queries, listed, worth_q, worth_n, words, pairs, count, as_person, out):  # type: ignore[no-untyped-def]
    """Write what the aligned units say; return the position of the name behind the last of them, -1 without any."""
    start, first = queries.offsets[query], listed.offsets[name]
    bits = words.bits_person if as_person else words.bits
    furthest = -1
    for i in range(count):
        alike = pairs[i, ALIKE]
        agree = pairs[i, WEIGHT] * alike
        out[MATCHED] += agree
        out[LOST] += pairs[i, WEIGHT] - agree
        out[TRANSLATED] += pairs[i, WEIGHT] * pairs[i, IN_MEANING]
        out[DISTINCTIVE] += agree >= DISTINCTIVE_FROM
        out[STRONGEST] = max(out[STRONGEST], agree)
        ours, theirs = 0.0, 0.0
        begin, end = pairs[i, QUERY_BEGIN], pairs[i, QUERY_BEGIN] + pairs[i, QUERY_SPAN]
        for at in range(start + int(begin), start + int(end)):
            ours += bits[queries.ids[at]] if worth_q[at] > 0.0 else 0.0
        begin, end = pairs[i, NAME_BEGIN], pairs[i, NAME_BEGIN] + pairs[i, NAME_SPAN]
        for at in range(first + int(begin), first + int(end)):
            theirs += bits[listed.ids[at]] if worth_n[at] > 0.0 else 0.0
            out[PROMINENT] = max(out[PROMINENT], words.prominence[listed.ids[at]] * alike * alike)
        out[EVIDENCE] += min(ours, theirs) * alike * alike
        furthest = max(furthest, int(end))
    return furthest


@compiled
def _left_over(  # type: ignore[no-untyped-def]
    query, name, queries, listed, worth_q, worth_n, words, is_cut, furthest, taken_q, taken_n, as_person, out
):  # fmt: skip
    """Write what the words without a partner say; return the taken positions of the name, initials among them."""
    first, last = listed.offsets[name], listed.offsets[name + 1]
    number_q, number_n, place_q, place_n = 0, 0, 0, 0
    legal_q, legal_n = -1, -1
    for at in range(first, last):
        if words.kind[listed.ids[at]] == LEGAL_WORD:
            legal_n = words.legal_class[listed.ids[at]]
    start = queries.offsets[query]
    for at in range(start, queries.offsets[query + 1]):
        token = queries.ids[at]
        kind = words.kind[token]
        if kind == LEGAL_WORD:
            legal_q = words.legal_class[token]
        if taken_q >> (at - start) & 1:
            continue
        if as_person and kind not in (LEGAL_WORD, STOP) and words.length[token]:
            partner = _initial_partner(token, first, last, listed, words, taken_n)
            if partner:
                taken_n |= partner
                out[INITIALS] += 1.0
                continue
        out[LEFT_QUERY] += worth_q[at]
        out[MOST_QUERY] = max(out[MOST_QUERY], worth_q[at])
        number_q += kind == NUMBER
        place_q += kind == PLACE
    for at in range(first, last):
        if taken_n >> (at - first) & 1:
            continue
        worth = worth_n[at]
        if is_cut and at - first >= furthest:
            worth *= AFTER_CUT
        else:
            number_n += words.kind[listed.ids[at]] == NUMBER
            place_n += words.kind[listed.ids[at]] == PLACE
        out[LEFT_NAME] += worth
        out[MOST_NAME] = max(out[MOST_NAME], worth)
    out[NUMBERS] = 2.0 if number_q and number_n else (1.0 if number_q or number_n else 0.0)
    out[PLACES] = 1.0 if place_q and place_n else 0.0
    out[LEGAL] = 0.0 if legal_q < 0 or legal_n < 0 else (1.0 if legal_q == legal_n else -1.0)
    return taken_n


@compiled
def _initial_partner(token, first, last, listed, words, taken):  # type: ignore[no-untyped-def]
    """Return the bit of the first free position of a name with which a word agrees as an initial; 0 for none."""
    for at in range(first, last):
        bit = np.int64(1) << (at - first)
        theirs = listed.ids[at]
        if taken & bit or words.letter[theirs] != words.letter[token]:
            continue
        if words.length[token] == 1 or words.length[theirs] == 1:
            return bit
    return np.int64(0)


@compiled
def _spellings(query, name, queries, listed, words, work, taken_q, taken_n, out):  # type: ignore[no-untyped-def]
    """Write how many letters both names have in common: of the whole, of what is left over, as they are written."""
    letters_q, letters_n = work.letters[0], work.letters[1]
    size = spell_out(query, queries, words, 0, letters_q)
    other = spell_out(name, listed, words, 0, letters_n)
    out[LETTERS] = common_letters(letters_q, size, letters_n, other, work.masks)
    size = spell_out(query, queries, words, taken_q, letters_q)
    other = spell_out(name, listed, words, taken_n, letters_n)
    out[REST] = common_letters(letters_q, size, letters_n, other, work.masks) if size and other else 1.0
    size = write_out(query, queries, words, letters_q)
    other = write_out(name, listed, words, letters_n)
    out[WRITTEN] = common_letters(letters_q, size, letters_n, other, work.masks)
    if out[LEGAL] > 0.0 and out[LETTERS] == 1.0:
        # one legal form in two ways, AG and Aktiengesellschaft: half as different
        out[WRITTEN] = 0.5 + 0.5 * out[WRITTEN]


@compiled
def _out_of_order(pairs, count):  # type: ignore[no-untyped-def]
    """Return the share of the pairs that, read in the order of the query, step back in the name."""
    back, before, begin = 0, -1.0, -1.0
    for _ in range(count):
        nearest, place = 1e9, 0.0
        for i in range(count):
            if begin < pairs[i, QUERY_BEGIN] < nearest:
                nearest, place = pairs[i, QUERY_BEGIN], pairs[i, NAME_BEGIN]
        back += place < before
        begin, before = nearest, place
    return back / (count - 1) if count > 1 else 0.0
