"""How fast the flow is against plain DuckDB and dlt: ratios measured side by side, and peak memory.

In: seeded synthetic data in a temporary folder. Out: a table of ratios beside what is demanded of them.
Never: an absolute second as a demand, real data, or anything left behind.
"""
