"""The roster: the files people edit, what a row may hold, and what no single row can show."""
