"""Ultimate parents of everybody in a book, and what leaves those open that are not settled."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from screening.arrays import slice_between
from screening.book.rows import customer_nodes
from screening.ownership import OwnershipNetwork
from screening.ownership.parents import UNSETTLED, joint_holders, numbered_parents
from screening.ownership.shares import format_shares


@dataclass(frozen=True, slots=True)
class TracedParents:
    """The ultimate parent of each entity, kept narrow: for all of them it is in memory at once.

    `by_node`: entity_id, parent and largest (rows of `entities`), basis, unknown, largest_share, remainder; sorted.
    `entities`: entity_id, name, hq_country of everybody named. `joint`: parent (a row of `entities`), holders (names),
    seats, of the entities that two hold by half.
    """

    by_node: pl.DataFrame
    entities: pl.DataFrame
    joint: pl.DataFrame

    @classmethod
    def trace(cls, network: OwnershipNetwork) -> TracedParents:
        """Follow every entity's owners upward."""
        found = numbered_parents(network)
        joint = joint_holders(network.holdings)
        parents = found["parent"].gather(joint["owner"])
        joint = joint.with_columns(
            top=parents.zip_with(parents.is_not_null(), joint["owner"].cast(parents.dtype))
        )
        numbers = pl.concat([found["parent"], found["largest_holder"]]).drop_nulls().unique().sort()
        place = pl.DataFrame({"number": numbers}).with_row_index("place")
        placed = {
            name: found.select(number=name).join(place, on="number", how="left", maintain_order="left")[
                "place"
            ]
            for name in ("parent", "largest_holder")
        }
        about = network.entities.select("name", "hq_country")
        named = joint.with_columns(
            holder=about["name"].gather(joint["owner"]), seat=about["hq_country"].gather(joint["top"])
        )
        each = named.group_by("owned", maintain_order=True).agg(
            holders=pl.col("holder").fill_null("somebody").sort().str.join(" and "),
            seats=pl.col("seat").sort(),
        )
        return cls(
            by_node=found.select(
                network.entities["entity_id"], "basis", "unknown",
                placed["parent"].alias("parent"), placed["largest_holder"].alias("largest"),
                pl.col("largest_share", "remainder").cast(pl.Int32),
            ),
            entities=network.entities.select(pl.col("entity_id", "name", "hq_country").gather(numbers)),
            joint=each.join(place.cast({"number": each["owned"].dtype}), left_on="owned", right_on="number").select(
                "holders", "seats", parent="place"
            ),
        )  # fmt: skip

    def ultimate_parents(self, customers: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
        """Return the ultimate parents of these customers, as far as they are in the network, in their order.

        Columns: customer_id, parent_id, parent_name, parent_hq_country, basis, unknown, above (the parent is somebody
        else), note (what leaves it open, in words), seats (where those who may be the parent sit).
        """
        nodes = customer_nodes(customers, nodes)
        near = self.by_node[slice_between(self.by_node["entity_id"], nodes["entity_id"])]
        found = nodes.join(near, on="entity_id", maintain_order="left").join(
            self.joint, on="parent", how="left", maintain_order="left"
        )
        about = self.entities.select(pl.all().gather(found["parent"]))
        whom = self.entities["name"].gather(found["largest"])
        return found.select(
            "customer_id",
            about["entity_id"].alias("parent_id"),
            about["name"].alias("parent_name"),
            about["hq_country"].alias("parent_hq_country"),
            pl.col("basis").cast(pl.String),
            "unknown",
            (about["entity_id"] != found["entity_id"]).alias("above"),
            pl.when(pl.col("unknown") & pl.col("basis").cast(pl.String).is_in(UNSETTLED))
            .then(_note(about["name"], whom))
            .alias("note"),
            "seats",
        )


def _note(name: pl.Series, largest: pl.Series) -> pl.Expr:
    """Return why a parent is not settled, in words."""
    share, rest = (format_shares(pl.col(part), pl.col(part)) for part in ("largest_share", "remainder"))
    whose = pl.lit(name).fill_null("the company")
    largest_words = pl.when(pl.lit(largest).is_not_null() & (pl.col("largest_share") > 0)).then(
        pl.format("{} holds {} of {}, the largest share on record", pl.lit(largest), share, whose)
    )
    basis = pl.col("basis").cast(pl.String)
    return (
        pl.when(basis == "joint_half")
        .then(pl.format("{} hold exactly half of {} each, and half is no majority", "holders", whose))
        .when(basis == "chain_open_offshore")
        .then(
            pl.format(
                "{} sits where holding companies are only registered, and no owner of it is on record", whose
            )
        )
        .when(basis == "declared_conflict")
        .then(pl.format("the recorded chain ends at {}, and the customer declares another parent", whose))
        .when(largest_words.is_null())
        .then(pl.format("{} of {} is not on record", rest, whose))
        .otherwise(pl.format("{}, and {} is not on record", largest_words, rest))
    )
