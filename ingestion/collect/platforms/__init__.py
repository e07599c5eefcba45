"""The living platforms, a module each: how one page of one unit of work is asked for (``page.Platform``).

In: a unit and a way to ask. Out: a page of events, whose data a module of ``shapes`` cut. Never: retries, limits of
rate or budget, paging to the end, or what a run makes of it: those are ``http``, ``spend`` and ``run``.
"""
