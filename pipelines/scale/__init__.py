"""Beyond one machine: shards that share nothing but their inputs, and the workers of a Ray cluster.

Both make the parts of `pipelines.work` with the functions of the nightly job; there is no second implementation.
"""
