"""How fast the desk answers under load: `python -m benchmarks.desk --store lists --run run`."""
