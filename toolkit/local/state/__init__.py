"""
What a platform keeps in its data directory, and how: written before a request is answered, read when it starts again.

``directory`` owns the folder and its lock, ``store`` the database in it, ``objects`` the contents of S3 objects;
``tracking`` notes what a request touches of moto's state, and ``ledger`` writes that down.
"""
