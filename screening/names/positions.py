"""How much each token of a name tells where it stands (compiled by numba).

A word that is repeated tells nothing the second time, nor does a short name that stands next to the words it is made
of: `Hebei Semiconductor Research Institute (HSRI)`.
"""

from __future__ import annotations

import numpy as np

from screening.compiled import compiled
from screening.names.lexicon import STOP, WORD

REPEATED = np.float32(0.1)


@compiled
def position_weights(offsets, ids, begin, words, kind, letter, folds, fold_offsets, weight):  # type: ignore[no-untyped-def]
    """Return the weight of every position of every name; arguments are a `Tokens` and columns of a `Vocabulary`."""
    out = np.empty(len(ids), np.float32)
    for name in range(len(offsets) - 1):
        first, last = offsets[name], offsets[name + 1]
        for at in range(first, last):
            out[at] = weight[ids[at]]
            for earlier in range(first, at):
                if ids[earlier] == ids[at]:
                    out[at] *= REPEATED
                    break
            one_word = begin[at + 1] - begin[at] == 1
            if (
                kind[ids[at]] == WORD
                and one_word
                and _spells_initials(
                    words[begin[at]], begin[first], begin[last], words, letter, folds, fold_offsets, kind
                )
            ):
                out[at] *= REPEATED
    return out


@compiled
def folded_letter(letter):  # type: ignore[no-untyped-def]
    """Return the folded spelling of a first letter, as far as it is one letter."""
    if letter in (99, 113):  # c, q
        return 107
    if letter == 119:  # w
        return 118
    return 105 if letter == 121 else letter  # y


@compiled
def _spells_initials(word, first, last, words, letter, folds, fold_offsets, kind):  # type: ignore[no-untyped-def]
    """Say whether a word of three letters or more is the initials of words in words[first:last]."""
    size = fold_offsets[word + 1] - fold_offsets[word]
    if size < 3 or size > 8 or last - first <= size:
        return False
    for start in range(first, last):
        at, done, previous = start, 0, 0
        while at < last and done < size:
            current = words[at]
            at += 1
            initial = folded_letter(letter[current])
            if initial == folds[fold_offsets[word] + done] and current != word:
                done += 1
            elif (
                initial == previous or kind[current] == STOP
            ):  # folding writes a doubled letter once; stop words
                continue
            else:
                break
            previous = initial
        if done == size:
            return True
    return False
