"""kopf registration and the reconcilers, thin, one module a kind: observe → decide → apply."""
