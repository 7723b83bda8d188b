"""
Iceberg tables, with metadata that pyiceberg writes and that any other client of the format reads.

pyiceberg is heavy and loads at the first statement that concerns such a table; nothing here imports it before.
"""
