"""Checks between tables, against the roster and against earlier years, before anything is released."""
