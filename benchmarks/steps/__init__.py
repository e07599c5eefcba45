"""What is measured, one process per measurement.

In: paths. Out: from each function, the work to time, prepared. Never: preparation inside the work, or two measurements
in one process.
"""
