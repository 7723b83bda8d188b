"""Readers: objects of each format to local Parquet files with the columns that the catalogue declares."""
