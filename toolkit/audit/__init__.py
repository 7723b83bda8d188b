"""
Stored events held against their schema by Athena itself.

``checks`` turns a schema into SQL conditions, as far as SQL can tell; ``statements`` makes queries of them, ``running`` asks
Athena and adds up, ``report`` holds what was found.
"""

from toolkit.audit.checks import Check, Unchecked, checks_from_schema
from toolkit.audit.report import AuditReport, BrokenRule
from toolkit.audit.running import audit
from toolkit.audit.statements import Audit, audit_sql, volume_sql

__all__ = [
    "Audit",
    "AuditReport",
    "BrokenRule",
    "Check",
    "Unchecked",
    "audit",
    "audit_sql",
    "checks_from_schema",
    "volume_sql",
]
