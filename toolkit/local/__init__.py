"""The embedded platform: AWS endpoints on this machine, and an Athena that executes."""
