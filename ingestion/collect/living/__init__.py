"""Collecting from living platforms: what is due, what it costs, one run, its journal."""
