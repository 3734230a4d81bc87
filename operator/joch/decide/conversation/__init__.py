"""What a Conversation needs; `judge` decides: a first binding, its history back, a move, nothing.

`resolution` says which level chooses, `routed` follows a route, `requests` and `asked` a person's
StateCheckpoint. The types are in `decision`.
"""
