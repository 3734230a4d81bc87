"""How fast Joch is: ratios against what the same API server gives in the same minutes.

    make bench
    .venv/bin/python -m bench --quick --only reaction,mass --json FILE

Real control plane, the operator as users start it, vendors that answer its probes. Times of
requests are the API server's own, from its audit log: nothing has to watch what is measured.
A missed target is said, and fails nothing; a conversation lost or moved twice exits with 1.
"""
