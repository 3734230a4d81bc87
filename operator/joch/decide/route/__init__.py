"""A ModelRoute: the facts of its candidates, the ordered `checks` they must pass, its status."""
