"""What a conversation must not lose, read off its transcript: `extract` makes the summary.

No language model and no invention: every item is quoted or derived, and the same to the byte.
"""
