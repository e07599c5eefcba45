"""Benchmarks: compare the flow with plain DuckDB and dlt, in time and peak memory.

Each figure is a ratio of two times that were measured in turns on the same machine. The data are synthetic and seeded;
they are made in a temporary folder and removed at the end.
"""
