"""A made-up world: thirty states that do not exist, on platforms on loopback, through the whole flow to a release.

In: one integer. Out: a roster folder, files and a log that ``collect`` made, two synthetic releases. Never: a real name
or id, a real platform asked, or another log for the same integer.
"""
