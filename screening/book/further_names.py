"""Other names of entities: what further records and the ends of edges call a node, besides the name it goes by.

Two files may call one entity differently. The network has one name a node, and a customer goes by its own row; a name
or number that only another record gives is compared all the same, for a listed party may stand there.
"""

from __future__ import annotations

import polars as pl

from screening.ownership import OwnershipNetwork
from screening.ownership.arrays import Flags
from screening.ownership.edges import find
from screening.tables.inputs import ENTITIES
from screening.text import plain_name

_ENDS = ("owner", "owned")


def further_records(entities: pl.DataFrame, customers: pl.DataFrame, aliases: pl.DataFrame) -> pl.DataFrame:
    """Return the records of entities that are not what their node is compared by, under the id of the node.

    Those of customers, as far as name or number are not the customer's own, and all records that were merged.
    `entities`: as the user gave them. `aliases`: alias_id, entity_id. Columns: those of `ENTITIES`.

    >>> customers = pl.DataFrame({"customer_id": ["c"], "name": ["Rowan"], "identifiers": [None]})
    >>> entities = ENTITIES.conform(pl.DataFrame({"entity_id": ["c", "e"], "name": ["Aspen", "Birch"]}))
    >>> aliases = pl.DataFrame(schema={"alias_id": pl.String, "entity_id": pl.String})
    >>> further_records(entities, customers, aliases).select("entity_id", "name").rows()
    [('c', 'Aspen')]
    """
    given = entities.join(
        aliases.select(entity_id="alias_id", node_id="entity_id"), on="entity_id", how="left"
    ).with_columns(node_id=pl.coalesce("node_id", "entity_id"))
    shared = pl.concat([aliases["entity_id"], customers["customer_id"]]).unique()
    own = customers.select(
        node_id="customer_id", own_name="name", own_identifiers=pl.col("identifiers").cast(pl.List(pl.String))
    )
    rows = given.filter(pl.col("node_id").is_in(shared.implode())).join(own, on="node_id", how="left")
    new_name = plain_name(pl.col("name")) != plain_name(pl.col("own_name").fill_null(""))
    numbers = pl.col("identifiers").fill_null([])
    new_number = numbers.list.set_difference(pl.col("own_identifiers").fill_null([])).list.len() > 0
    found = rows.filter(new_name.fill_null(value=False) | new_number)
    return found.with_columns(entity_id="node_id").select(ENTITIES.names).sort("entity_id", "name")


def other_names(
    network: OwnershipNetwork, records: pl.DataFrame, customers: Flags, reached: Flags
) -> pl.DataFrame:
    """Return who is to be compared under a further name: the columns of `ENTITIES`, a row a name.

    `records`: as from `further_records`. `customers`, `reached`: mark the nodes that are customers, and all that are
    compared. A node that is no customer keeps its own attributes; a customer has those of its further records.
    """
    at = find(network.ids, records["entity_id"])
    recorded = records.with_columns(of_customer=pl.Series(customers[at])).filter(pl.Series(reached[at]))
    given = [
        recorded.select("entity_id", "name", "of_customer"),
        *(names.with_columns(of_customer=pl.lit(value=False)) for names in _names_at_ends(network, reached)),
    ]
    names = pl.concat(given).group_by("entity_id", "name").agg(pl.col("of_customer").any())
    nodes = find(network.ids, names["entity_id"])
    borne = recorded.group_by("entity_id").agg(pl.col("identifiers").explode().drop_nulls().unique().sort())
    numbers = names.join(borne, on="entity_id", how="left", maintain_order="left")["identifiers"]
    differs = plain_name(pl.col("given")) != plain_name(pl.col("name").fill_null(""))
    return (
        network.entities[nodes]
        .with_columns(
            given=names["name"],
            of_customer=names["of_customer"],
            identifiers=pl.when(pl.Series(customers[nodes])).then(numbers).otherwise("identifiers"),
        )
        .filter(pl.col("of_customer") | differs.fill_null(value=False))
        .with_columns(name=pl.coalesce("given", "name"))
        .select(ENTITIES.names)
        .sort("entity_id", "name")
    )


def _names_at_ends(network: OwnershipNetwork, reached: Flags) -> list[pl.DataFrame]:
    """Return what the edges call the ends that are compared, where it is not the name of the node: entity_id, name."""
    edges, name = network.numbered_edges, network.entities["name"]
    found = []
    for end in _ENDS:
        if f"{end}_name" not in edges.columns:
            continue
        disclosed = edges.filter(pl.col(f"{end}_name").is_not_null() & (pl.col(end) < network.undisclosed))
        there = disclosed.filter(pl.Series(reached[disclosed[end].to_numpy()], dtype=pl.Boolean))
        rows = there.select(end, name=f"{end}_name").filter(
            there[f"{end}_name"].ne_missing(name.gather(there[end]))
        )
        once = rows.unique()
        found.append(once.select("name", entity_id=network.ids.gather(once[end])).select("entity_id", "name"))
    return found
