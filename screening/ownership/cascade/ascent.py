"""The straight way from each entity up to a listed party, by its largest holding at each step, in few passes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from screening.ownership.arrays import Flags, Ints, Positions

NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Ascent:
    """Where the straight way of each node leads, one value a node.

    `holding`: the position of the first holding on the way, or -1 at its end. `owner`: the node it leads to, itself at
    the end. `length`: holdings on the whole way. `branches`: whether some node on the way rests on further holdings.
    """

    holding: Ints
    owner: Ints
    length: Ints
    branches: Flags

    @classmethod
    def build(cls, owner_of_holding: Positions, proofs: Mapping[int, Sequence[int]], ends: Flags) -> Ascent:
        """Follow all ways at once by doubling the stride, so the cost grows with the logarithm of the depth.

        `proofs`: the positions of the holdings that make a node's status, largest first. `ends`: the listed nodes.
        A proof rests on earlier rounds alone, so no way runs in a circle.
        """
        holding = np.full(len(ends), NOWHERE, dtype=np.int64)
        branches = np.zeros(len(ends), dtype=np.bool_)
        for node, proving in proofs.items():
            if proving and not ends[node]:
                holding[node], branches[node] = proving[0], len(proving) > 1
        itself = np.arange(len(ends))
        owner = np.where(holding == NOWHERE, itself, owner_of_holding[holding])
        length, further = (holding != NOWHERE).astype(np.int64), owner
        while not np.array_equal(further, stride := further[further]):
            length, branches, further = length + length[further], branches | branches[further], stride
        length, branches = length + length[further], branches | branches[further]
        return cls(holding, owner, length, branches)

    def before_end(self, steps: int) -> Ints:
        """Return for each node the node on its way from which `steps` holdings are left; itself where it has fewer."""
        node = np.where(self.length <= steps, np.arange(len(self.owner)), self.owner)
        while not np.array_equal(node, further := node[node]):
            node = further
        return node

    def way(self, node: int) -> list[int]:
        """Return the positions of the holdings on the way of one node."""
        found = []
        while self.holding[node] != NOWHERE:
            found.append(int(self.holding[node]))
            node = int(self.owner[node])
        return found
