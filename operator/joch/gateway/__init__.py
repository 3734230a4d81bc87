"""What runs beside LiteLLM, in LiteLLM's own environment: the config supervisor."""
