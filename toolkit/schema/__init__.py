"""What a schema says: dialects as values, the registry of references, loading."""
