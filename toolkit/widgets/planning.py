"""A planned table as HTML: what was checked, and how it differs from the one that exists."""

from __future__ import annotations

import html
from collections.abc import Sequence

from toolkit.hive import AlterPlan, Loss
from toolkit.widgets.markup import (
    BORDER,
    EFFECTS,
    TEXT,
    WORST_FIRST,
    folded_html,
    list_html,
    sql_html,
    status_html,
    table_html,
)
from toolkit.widgets.models.checks import Check
from toolkit.widgets.models.inspection import Inspection, is_noticed

_MARKS = {
    "good": ("✓", "var(--jp-success-color1, #2e7d32)"),
    "note": ("•", "var(--jp-info-color1, #0277bd)"),
    "warning": ("!", "var(--jp-warn-color1, #f57c00)"),
}


def checks_html(checks: Sequence[Check]) -> str:
    """Return a line for each check, marked by how it came out."""
    cell = f"padding: 6px 8px; text-align: left; vertical-align: top; border-bottom: {BORDER}"
    rows = []
    for check in checks:
        mark, colour = _MARKS[check.level]
        rows.append(
            f'<tr style="background: none"><td style="{cell}"><span role="img" aria-label="{check.level}" '
            f'style="font-weight: bold; color: {colour}">{mark}</span></td>'
            f'<th scope="row" style="{cell}">{html.escape(check.subject)}</th>'
            f'<td style="{cell}">{html.escape(check.text)}</td></tr>'
        )
    return (
        f'<div style="{TEXT}"><table style="border-collapse: collapse; width: 100%; font-size: inherit"><tbody>'
        f"{''.join(rows)}</tbody></table></div>"
    )


def losses_html(losses: Sequence[Loss]) -> str:
    """Return what each column may lose, the columns together, and what costs a value or a query before what is rounded."""
    by_column: dict[str, list[Loss]] = {}
    for loss in losses:
        by_column.setdefault(loss.column or "(the row)", []).append(loss)
    cell = f"padding: 6px 8px; text-align: left; vertical-align: top; border-bottom: {BORDER}; overflow-wrap: anywhere"
    rows = []
    for column, found in by_column.items():
        lines = "".join(
            f'<div style="padding: 1px 0"><span aria-hidden="true" style="color: {EFFECTS[loss.effect][1]}; font-weight: bold">'
            f"{EFFECTS[loss.effect][0]}</span> <strong>{html.escape(loss.effect)}</strong>: {html.escape(loss.consequence)}</div>"
            for loss in sorted(found, key=lambda loss: WORST_FIRST.index(loss.effect))
        )
        rows.append(
            f'<tr style="background: none"><th scope="row" style="{cell}; width: 32%"><code>{html.escape(column)}</code></th>'
            f'<td style="{cell}">{lines}</td></tr>'
        )
    title = (
        f"{len(by_column)} {'column' if len(by_column) == 1 else 'columns'} may not give back what the schema accepts"
    )
    return (
        f'<div tabindex="0" style="{TEXT}; overflow: auto; max-height: 26em"><table style="border-collapse: collapse; '
        'table-layout: fixed; width: 100%; font-size: inherit"><caption style="text-align: left; padding: 3px 0">'
        f"{title}</caption><tbody>{''.join(rows)}</tbody></table></div>"
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
    noticed = [change for change in plan.changes if is_noticed(change.kind, change.path)]
    rows = [(change.kind, change.path, change.old, change.new) for change in noticed]
    unnoticed = len(plan.changes) - len(noticed)
    parts = []
    if rows:
        parts.append(
            table_html(("Change", "Where", "Now", "Planned"), rows, caption="From the table that exists to this one")
        )
    if unnoticed:
        what = "change" if unnoticed == 1 else "changes"
        parts.append(status_html(f"{unnoticed} {what} of comments, or of the order of columns, which no query notices"))
    if plan.refusals:
        parts.append(list_html(map(str, plan.refusals), title="Not possible in place"))
    parts.append(
        list_html(
            [step.touches for step in plan.steps if step.is_destructive], title="Takes away, and does not put back"
        )
    )
    for number, step in enumerate(plan.steps, 1):
        first = step.sql.splitlines()[0].rstrip(" (")
        parts.append(
            folded_html(f"Statement {number}: {first}", status_html(f"Touches {step.touches}") + sql_html(step.sql))
        )
    parts += [status_html(note) for note in plan.notes]
    return "".join(parts)
