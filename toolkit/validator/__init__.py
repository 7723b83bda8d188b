"""Our own validator: a schema becomes a Python function."""
