"""What a gateway serves: the LiteLLM configuration, the objects that carry it, and its status."""
