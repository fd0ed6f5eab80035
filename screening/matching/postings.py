"""Names as arrays that the kernel walks: positions, neighbours written as one word, and postings of a list."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from screening.compiled import compiled
from screening.names.lexicon import NUMBER
from screening.names.positions import REPEATED, position_weights
from screening.names.spelling import hash_on, mixed
from screening.names.tokens import Tokens
from screening.names.vocabulary import Vocabulary

EITHER, PERSON, ORGANIZATION, CRAFT, PLACE = range(5)
"""What a name may be: unknown, a person, an organization, a vessel or aircraft, an address."""


class Names(NamedTuple):
    """Names as the kernel reads them, of a list or of a batch.

    Position t of name i (offsets[i] <= t < offsets[i + 1]) holds `ids[t]`, spelled as `spelling[t]` (`stem[t]`
    tells spellings of one stem alike), worth `organization[t]` or `person[t]`, made of words[begin[t]:begin[t + 1]].
    Join j of name i writes the positions from `join_first[j]` on, `join_span[j]` of them, as one word of hash
    `join_hash[j]`; `join_short[j]` says that the word is a short name for them. `kind` is one of EITHER ... PLACE;
    `country` is -1 where unknown.
    """

    offsets: NDArray[np.int64]
    ids: NDArray[np.int32]
    begin: NDArray[np.int64]
    words: NDArray[np.int32]
    spelling: NDArray[np.int32]
    stem: NDArray[np.uint32]
    organization: NDArray[np.float32]
    person: NDArray[np.float32]
    join_offsets: NDArray[np.int64]
    join_hash: NDArray[np.uint64]
    join_first: NDArray[np.int8]
    join_span: NDArray[np.int8]
    join_short: NDArray[np.bool_]
    kind: NDArray[np.uint8]
    country: NDArray[np.int32]


class Postings(NamedTuple):
    """Which names of a list contain which units, and what else the kernel needs of them. Persons come first.

    A unit below `size` is a token, above it a joined pair. `names[posting_offsets[u]:posting_offsets[u + 1]]`
    are the names that contain unit u, ascending, the first `posting_persons[u]` of persons.
    """

    size: int
    join_units: NDArray[np.int32]  # per join of the names
    posting_offsets: NDArray[np.int64]
    posting_persons: NDArray[np.int32]
    names: NDArray[np.int32]
    party: NDArray[np.int32]
    weak: NDArray[np.bool_]
    join_keys: NDArray[np.uint64]  # sorted; the unit of key i is size + i
    word_keys: NDArray[np.uint64]  # sorted; hashes of words that stand for `word_ids[i]`
    word_ids: NDArray[np.int32]
    most_alike: int  # the most words that share a hash


def lay_out(
    tokens: Tokens, vocabulary: Vocabulary, kind: NDArray[np.uint8], country: NDArray[np.int32]
) -> Names:
    """Lay names out for the kernel."""
    folds = vocabulary.folds
    arguments = (tokens.offsets, tokens.ids, tokens.begin, tokens.words, vocabulary.kind, vocabulary.letter)
    worth = [
        position_weights(*arguments, folds.letters, folds.offsets, weight)
        for weight in (vocabulary.organization, vocabulary.person)
    ]
    token_names = np.repeat(np.arange(len(tokens)), np.diff(tokens.offsets))
    short_names = token_names[tokens.short_begin]
    for weighed in worth:
        _discount_short_names(
            tokens.offsets,
            tokens.ids,
            tokens.short_ids,
            tokens.short_begin,
            tokens.short_end,
            short_names,
            weighed,
        )
    plain = vocabulary.plain
    written = (
        tokens.offsets,
        tokens.begin,
        tokens.words,
        vocabulary.kind != NUMBER,
        plain.letters,
        plain.offsets,
    )
    pairs, in_letters = _join_pairs(*written), _join_letters(*written)
    short_first = (tokens.short_begin - tokens.offsets[short_names]).astype(np.int8)
    short_span = (tokens.short_end - tokens.short_begin).astype(np.int8)
    short = short_names, vocabulary.hash[tokens.short_ids], short_first, short_span
    joins = zip(pairs, in_letters, short, strict=True)
    join_names, hashes, first, span = (np.concatenate([*column]) for column in joins)
    is_short = np.arange(len(join_names)) >= len(pairs[0])
    order = np.argsort(join_names, kind="stable")
    return Names(
        offsets=tokens.offsets,
        ids=tokens.ids,
        begin=tokens.begin,
        words=tokens.words,
        spelling=tokens.spelling,
        stem=vocabulary.stem[np.where(tokens.spelling >= 0, tokens.spelling, tokens.ids)],
        organization=worth[0],
        person=worth[1],
        join_offsets=np.searchsorted(join_names[order], np.arange(len(tokens) + 1)),
        join_hash=hashes[order],
        join_first=first[order],
        join_span=span[order],
        join_short=is_short[order],
        kind=kind,
        country=country,
    )


def build_postings(
    names: Names,
    size: int,
    party: NDArray[np.int32],
    weak: NDArray[np.bool_],
    spelled: tuple[NDArray[np.uint64], NDArray[np.int32]],
) -> Postings:
    """File the names of a list under the units they contain.

    `size`: number of tokens. `party`: number of each name's party. `weak`: which names are weak aliases. `spelled`:
    hashes of words, and the tokens they stand for.
    """
    count = len(names.offsets) - 1
    keys, place = np.unique(names.join_hash, return_inverse=True)
    units = (place + size).astype(np.int32)
    rows = np.arange(count, dtype=np.int32)
    name_rows = np.concatenate(
        [np.repeat(rows, np.diff(names.offsets)), np.repeat(rows, np.diff(names.join_offsets))]
    )
    name_units = np.concatenate([names.ids, units]).astype(np.int64)
    filed = np.unique(name_units * max(count, 1) + name_rows)
    posting_unit, posting_name = filed // max(count, 1), (filed % max(count, 1)).astype(np.int32)
    total = size + len(keys)
    persons = int(np.count_nonzero(names.kind == PERSON))
    hashes, stands_for = (column[spelled[0] != 0] for column in spelled)
    order = np.argsort(hashes, kind="stable")
    _, alike = np.unique(hashes, return_counts=True)
    return Postings(
        size=size,
        join_units=units,
        posting_offsets=np.concatenate([[0], np.cumsum(np.bincount(posting_unit, minlength=total))]).astype(
            np.int64
        ),
        posting_persons=np.bincount(posting_unit[posting_name < persons], minlength=total).astype(np.int32),
        names=posting_name,
        party=party,
        weak=weak,
        join_keys=keys,
        word_keys=hashes[order],
        word_ids=stands_for[order],
        most_alike=int(alike.max(initial=1)),
    )


@compiled
def _discount_short_names(offsets, ids, short_ids, short_begin, short_end, short_names, weighed):  # type: ignore[no-untyped-def]
    """A short name next to the words it stands for tells nothing more: `China Electronics ... (CETC)`."""
    for i in range(len(short_ids)):
        for at in range(offsets[short_names[i]], offsets[short_names[i] + 1]):
            if ids[at] == short_ids[i] and not short_begin[i] <= at < short_end[i]:
                weighed[at] *= REPEATED


@compiled
def _join_pairs(offsets, begin, words, joinable, letters, letter_offsets):  # type: ignore[no-untyped-def]
    """Join pairs of neighbouring words; return name, hash, first position and span of each."""
    names = len(offsets) - 1
    join_names = np.empty(len(words), np.int64)
    hashes = np.empty(len(words), np.uint64)
    first = np.empty(len(words), np.int8)
    span = np.empty(len(words), np.int8)
    written = 0
    for name in range(names):
        position = offsets[name]
        end = offsets[name + 1]
        if position == end:
            continue
        for at in range(begin[position], begin[end] - 1):
            while position + 1 < end and begin[position + 1] <= at:
                position += 1
            a, b = words[at], words[at + 1]
            a0, a1, b0, b1 = (
                letter_offsets[a],
                letter_offsets[a + 1],
                letter_offsets[b],
                letter_offsets[b + 1],
            )
            if not (joinable[a] and joinable[b]) or a1 - a0 + b1 - b0 < 4 or a1 == a0 or b1 == b0:
                continue
            hashes[written] = mixed(hash_on(letters, b0, b1, hash_on(letters, a0, a1, np.uint64(0))))
            join_names[written] = name
            first[written] = position - offsets[name]
            span[written] = 2 if position + 1 < end and begin[position + 1] == at + 1 else 1
            written += 1
    return join_names[:written].copy(), hashes[:written].copy(), first[:written].copy(), span[:written].copy()


@compiled
def _join_letters(offsets, begin, words, joinable, letters, letter_offsets):  # type: ignore[no-untyped-def]
    """Join single letters in a row, `A.B.C.` or `A B C`, as `_join_pairs` does pairs; they stay letters as well.

    What ends like a legal form is joined without and with it: `C.A.M. S.A.`, but `I.R.I.S.L`.
    """
    names = len(offsets) - 1
    join_names = np.empty(len(words), np.int64)
    hashes = np.empty(len(words), np.uint64)
    first = np.empty(len(words), np.int8)
    span = np.empty(len(words), np.int8)
    written = 0
    for name in range(names):
        begun, length, value = offsets[name], 0, np.uint64(0)
        for position in range(offsets[name], offsets[name + 1] + 1):
            spelled = position < offsets[name + 1]
            if spelled:
                for word in words[begin[position] : begin[position + 1]]:
                    spelled &= joinable[word] and letter_offsets[word + 1] - letter_offsets[word] == 1
            several = spelled and begin[position + 1] - begin[position] > 1
            if length > 1 and (several or not spelled):
                hashes[written], join_names[written] = mixed(value), name
                first[written], span[written] = begun - offsets[name], position - begun
                written += 1
            if not spelled:
                begun, length, value = position + 1, 0, np.uint64(0)
                continue
            for word in words[begin[position] : begin[position + 1]]:
                value = hash_on(letters, letter_offsets[word], letter_offsets[word + 1], value)
                length += 1
    return join_names[:written].copy(), hashes[:written].copy(), first[:written].copy(), span[:written].copy()
