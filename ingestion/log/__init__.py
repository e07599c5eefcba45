"""The log: events, the segments that hold them, the ledger that chains the segments, and their way into DuckDB."""
