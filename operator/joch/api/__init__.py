"""The API `joch.dev/v1alpha1`: one module a kind; `crds/` is printed from these types.

May import only pydantic and the standard library: the types also run inside LiteLLM.
"""
