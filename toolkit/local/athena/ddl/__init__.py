"""Hive's DDL as Athena takes it: ``parse`` gives a statement as a value, ``execute`` carries it out in the catalogue."""
