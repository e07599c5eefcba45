"""From the roster and the platforms to the log, and from the log to DuckDB."""
