"""Collecting from living platforms.

``collection`` runs over one platform after the other: ``plan`` says what is due (a ``workload`` of units) and what it
costs, ``run`` asks for it page by page through the platform's class (``platform``) and ``http``, the ``journal`` keeps
each page, and ``summary`` says what became of the run.
"""
