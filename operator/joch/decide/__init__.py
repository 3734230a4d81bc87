"""Every decision, pure: frozen inputs in, a plan or a status out. No I/O, no clock, no kopf."""
