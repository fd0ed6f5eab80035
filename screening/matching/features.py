# ruff: noqa: PLR0912, PLR0915 (compiled loops gain nothing from being split)
"""An aligned pair in numbers: what agrees, what is left over, what contradicts (compiled by numba)."""

from __future__ import annotations

import numpy as np

from screening.compiled import compiled
from screening.matching.edit_distance import common_letters, spell_out, write_out
from screening.matching.postings import CRAFT
from screening.names.lexicon import LEGAL, NUMBER, PLACE, STOP

DISTINCTIVE = 0.45  # a word of this weight or more is one by which a name is known
AFTER_CUT = 0.15  # what words are worth that a cut query could not show


@compiled
def measure(  # type: ignore[no-untyped-def]
    query,
    name,
    queries,
    listed,
    worth_q,
    worth_n,
    words,
    postings,
    work,
    is_cut,
    pairs,
    found,
    taken_q,
    taken_n,
    as_person,
    out,
):
    """Measure an alignment: write what `score.MEASURES` names."""
    start, end = queries.offsets[query], queries.offsets[query + 1]
    first, last = listed.offsets[name], listed.offsets[name + 1]
    out[:] = 0.0
    bits = words.bits_person if as_person else words.bits
    furthest = -1
    for i in range(pairs):
        agree = found[i, 5] * found[i, 4]
        out[0] += agree
        out[1] += found[i, 5] - agree
        out[14] += found[i, 5] * found[i, 6]
        out[15] += agree >= DISTINCTIVE
        out[16] = max(out[16], agree)
        ours, theirs = 0.0, 0.0
        for at in range(start + int(found[i, 0]), start + int(found[i, 0] + found[i, 1])):
            ours += bits[queries.ids[at]] if worth_q[at] > 0.0 else 0.0
        for at in range(first + int(found[i, 2]), first + int(found[i, 2] + found[i, 3])):
            theirs += bits[listed.ids[at]] if worth_n[at] > 0.0 else 0.0
            out[27] = max(out[27], words.prominence[listed.ids[at]] * found[i, 4] * found[i, 4])
        out[25] += min(ours, theirs) * found[i, 4] * found[i, 4]
        furthest = max(furthest, int(found[i, 2] + found[i, 3]))
    number_q, number_n, place_q, place_n = 0, 0, 0, 0
    legal_q, legal_n = -1, -1
    for at in range(first, last):
        if words.kind[listed.ids[at]] == LEGAL:
            legal_n = words.legal_class[listed.ids[at]]
    for at in range(start, end):
        token = queries.ids[at]
        kind = words.kind[token]
        if kind == LEGAL:
            legal_q = words.legal_class[token]
        if taken_q >> (at - start) & 1:
            continue
        if as_person and kind not in (LEGAL, STOP) and words.length[token]:
            hit = False
            for other in range(first, last):
                bit = np.int64(1) << (other - first)
                theirs = listed.ids[other]
                if taken_n & bit or words.letter[theirs] != words.letter[token]:
                    continue
                if words.length[token] == 1 or words.length[theirs] == 1:
                    taken_n |= bit
                    hit = True
                    break
            if hit:
                out[9] += 1.0
                continue
        out[2] += worth_q[at]
        out[4] = max(out[4], worth_q[at])
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
        out[3] += worth
        out[5] = max(out[5], worth)
    out[6] = 2.0 if number_q and number_n else (1.0 if number_q or number_n else 0.0)
    out[7] = 1.0 if place_q and place_n else 0.0
    out[8] = 0.0 if legal_q < 0 or legal_n < 0 else (1.0 if legal_q == legal_n else -1.0)
    out[10] = postings.weak[name]
    kind_q, kind_n = queries.kind[query], listed.kind[name]
    out[11] = kind_q > 0 and kind_n > 0 and kind_q != kind_n
    out[12] = kind_n >= CRAFT and kind_q != kind_n
    here, there = queries.country[query], listed.country[name]
    out[13] = 0.0 if here < 0 or there < 0 else (1.0 if here == there else -1.0)
    letters_q, letters_n = work.letters[0], work.letters[1]
    size = spell_out(query, queries, words, 0, letters_q)
    other = spell_out(name, listed, words, 0, letters_n)
    out[17] = common_letters(letters_q, size, letters_n, other, work.masks)
    size = spell_out(query, queries, words, taken_q, letters_q)
    other = spell_out(name, listed, words, taken_n, letters_n)
    out[18] = common_letters(letters_q, size, letters_n, other, work.masks) if size and other else 1.0
    size = write_out(query, queries, words, letters_q)
    other = write_out(name, listed, words, letters_n)
    out[26] = common_letters(letters_q, size, letters_n, other, work.masks)
    if (
        out[8] > 0.0 and out[17] == 1.0
    ):  # one legal form in two ways, AG and Aktiengesellschaft: half as different
        out[26] = 0.5 + 0.5 * out[26]
    out[19] = _out_of_order(pairs, found)
    out[20] = is_cut
    aligned = out[0] + out[1]
    out[21] = out[0] / (aligned + out[2] + out[3]) if aligned > 0.0 else 0.0
    out[22] = out[0] / (aligned + out[2]) if aligned > 0.0 else 0.0
    out[23] = out[0] / (aligned + out[3]) if aligned > 0.0 else 0.0
    out[24] = out[1] / aligned if aligned > 0.0 else 0.0


@compiled
def _out_of_order(pairs, found):  # type: ignore[no-untyped-def]
    """Share of the pairs that, read in the order of the query, step back in the name."""
    back, before, begin = 0, -1.0, -1.0
    for _ in range(pairs):
        here, there = 1e9, 0.0
        for i in range(pairs):
            if begin < found[i, 0] < here:
                here, there = found[i, 0], found[i, 2]
        back += there < before
        begin, before = here, there
    return back / (pairs - 1) if pairs > 1 else 0.0
