"""An Athena that executes: its API, Hive's DDL into Glue, and Trino's SELECT over the objects in S3."""
