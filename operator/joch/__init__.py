"""Joch: a Kubernetes operator that makes LLM providers interchangeable."""
