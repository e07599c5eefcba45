"""The shapes of what platforms send, a module each: how an object is cut to facts, in the platform's own field names.

``SHAPES`` of a module lists every field that an event of the platform may hold, by ``dataschema``.
"""
