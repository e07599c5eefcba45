"""The shapes platforms send, a module each: which fields are facts, and how the rest is cut off.

In: objects as a platform sent them, from a living one or from an archive. Out: the same objects in the platform's own
field names, facts only. Never: a question, a clock, an event, or a mapping to our columns.
"""
