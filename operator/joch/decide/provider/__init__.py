"""An LLMProvider: its credential, its health over many probes, its model list, its status."""
