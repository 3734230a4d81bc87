"""The only writers: owned objects, status, events, the Lease."""
