"""The roster: the files people edit, typed rows, checks across rows, and the list of those who must stay out."""
