"""
Trino's SQL on DuckDB: ``dialect`` parses, ``analysis`` resolves names and types, ``rewrite`` translates, ``engine`` runs.

Nothing a user writes reaches DuckDB as text: the query is parsed, every table is one of the catalogue's, every function
one of ``functions``, and the SQL that runs is generated from the tree.
"""
