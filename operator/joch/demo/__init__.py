"""`joch demo`: the main job, end to end, on real parts, told and checked step by step.

`stage` has the processes, `cluster` is the onlooker's view of the API server, `agent` plays the
agent runtime. The `steps_*` modules do and check; `story` has them in order and runs them for an
audience (`teller` on a terminal); `report` is what `--report` writes, `recording` what `--record`
keeps.

The demo judges the operator from outside: it reads with kubectl and plain HTTP and shares only the
API's types with it.
"""
