"""``erase``: take a subject out of the log, out of the roster's files and out of what was made of both."""
