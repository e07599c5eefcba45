"""The steps that are measured. Each function prepares its work, outside the clock, and returns the function to time."""
