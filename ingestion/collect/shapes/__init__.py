"""The shapes of what platforms send, a module each: how an object is cut to facts, in the platform's field names."""
