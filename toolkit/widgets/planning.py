"""A planned table as HTML: what was checked, and how it differs from the one that exists."""

from __future__ import annotations

import html
from collections.abc import Sequence

from toolkit.hive import AlterPlan
from toolkit.widgets.markup import BORDER, TEXT, list_html, sql_html, status_html, table_html
from toolkit.widgets.models.checks import Check
from toolkit.widgets.models.inspection import Inspection

_MARKS = {
    "good": ("✓", "var(--jp-success-color1, #2e7d32)", "good"),
    "note": ("•", "var(--jp-info-color1, #0277bd)", "note"),
    "warning": ("!", "var(--jp-warn-color1, #f57c00)", "warning"),
}


def checks_html(checks: Sequence[Check]) -> str:
    """Return a line for each check, marked by how it came out."""
    cell = f"padding: 6px 8px; text-align: left; vertical-align: top; border-bottom: {BORDER}"
    rows = []
    for check in checks:
        mark, colour, word = _MARKS[check.level]
        rows.append(
            f'<tr style="background: none"><td style="{cell}"><span role="img" aria-label="{word}" style="font-weight: bold; '
            f'color: {colour}">{mark}</span></td><th scope="row" style="{cell}">{html.escape(check.subject)}</th>'
            f'<td style="{cell}">{html.escape(check.text)}</td></tr>'
        )
    return (
        f'<div style="{TEXT}"><table style="border-collapse: collapse; width: 100%; font-size: inherit"><tbody>'
        f"{''.join(rows)}</tbody></table></div>"
    )


def difference_html(found: Inspection | None) -> str:
    """Return how the table that exists differs from the planned one, and by which statements it becomes that."""
    if found is None:
        return status_html("The catalogue is being asked, or there are problems.")
    if found.failure:
        return list_html([found.failure], title="The catalogue could not be asked")
    if found.plan is None:
        return status_html(f"There is no table {found.table.database}.{found.table.name} yet: all of it would be new.")
    if not found.plan.changes:
        return status_html("The table exists, and is as planned.")
    return _plan_html(found.plan)


def _plan_html(plan: AlterPlan) -> str:
    rows = [(change.kind, change.path, change.old, change.new) for change in plan.changes]
    parts = [table_html(("Change", "Where", "Now", "Planned"), rows, caption="From the table that exists to this one")]
    if plan.refusals:
        parts.append(list_html(map(str, plan.refusals), title="Not possible in place"))
    parts.append(
        list_html(
            [step.touches for step in plan.steps if step.is_destructive], title="Takes away, and does not put back"
        )
    )
    for number, step in enumerate(plan.steps, 1):
        parts.append(status_html(f"Statement {number}: {step.touches}") + sql_html(step.sql))
    parts += [status_html(note) for note in plan.notes]
    return "".join(parts)
