"""From gated marts to an immutable, citable, verifiable directory."""
