"""From a schema to columns, to a Table, to SQL text."""
