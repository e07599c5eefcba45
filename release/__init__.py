"""Releases: immutable, citable and verifiable directories, made from marts that passed the gate."""
