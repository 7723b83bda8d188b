"""The verdict on events as HTML: how many, why not, and the refused lines with the place marked."""

from __future__ import annotations

import html

from toolkit.widgets.markup import BORDER, EFFECTS, TEXT, code_block
from toolkit.widgets.models.event_validator import Example, Refusal, Validation, effect_text

_CARDS = (
    ("accepted", "var(--jp-success-color1, #2e7d32)"),
    ("refused", "var(--jp-error-color1, #d32f2f)"),
    ("unparseable", "var(--jp-warn-color1, #f57c00)"),
)
_KEPT = ("✓", "var(--jp-success-color1, #2e7d32)")
# Where a keyword's name says nothing to who does not know JSON Schema.
_RULES = {
    "unevaluatedProperties": "not declared",
    "additionalProperties": "not declared",
    "json": "no JSON",
    "encoding": "no UTF-8",
    "depth": "nested too deep",
    "duplicateKeys": "a key twice",
    "lineLength": "line too long",
}
_CELL = "padding: 4px 10px 4px 0; text-align: left; vertical-align: top; overflow-wrap: anywhere"


def verdict_html(found: Validation) -> str:
    """Return the three counts, large, and as parts of a bar."""
    total = max(1, found.report.total)
    counts = {"accepted": found.report.valid, "refused": found.refused, "unparseable": found.unparseable}
    cards, parts = [], []
    for name, colour in _CARDS:
        share = 100 * counts[name] / total
        percent = "none" if not counts[name] else f"{share:.1f} %" if share >= 0.1 else "below 0.1 %"
        cards.append(
            f'<div style="border-left: 5px solid {colour}; padding: 2px 22px 2px 10px"><div style="font-size: 1.9em; '
            f'line-height: 1.2; font-variant-numeric: tabular-nums">{counts[name]:,}</div>'
            f"<div>{name} · {percent}</div></div>"
        )
        if counts[name]:
            parts.append(f'<div style="flex: {counts[name]} 0 3px; background: {colour}"></div>')
    bar = (
        f'<div aria-hidden="true" style="display: flex; gap: 2px; height: 8px; margin-top: 8px">{"".join(parts)}</div>'
    )
    return (
        f'<div style="{TEXT}; padding: 6px 0"><div style="display: flex; flex-wrap: wrap; gap: 10px">{"".join(cards)}</div>'
        f"{bar}{_fate_html(found)}</div>"
    )


def _fate_html(found: Validation) -> str:
    fate = found.table
    if fate is None or not fate.lines:
        return ""
    broken = sum(count for (_, effect, _), count in fate.counts.items() if effect == "error")
    lines = "the one refused line" if fate.lines == 1 else f"the {fate.lines:,} refused lines"
    told = [f"{fate.whole:,} of {lines} would lie in the table unnoticed"] if fate.whole else []
    if broken:
        told.append(f"{broken:,} {'value or line' if broken == 1 else 'values or lines'} would make a query fail")
    if not told:
        return ""
    return f'<div style="padding-top: 8px">Without this check {html.escape(", and ".join(told))}.</div>'


def refusals_html(found: Validation) -> str:
    """Return the reasons as a table, each with its examples below it; "" if nothing was refused."""
    if not found.refusals:
        return ""
    most = max(refusal.count for refusal in found.refusals)
    # Shares of the width, so that nothing is pushed out of a narrow notebook.
    head = "".join(
        f'<th scope="col" style="{_CELL}; border-bottom: {BORDER}; width: {width}">{name}</th>'
        for name, width in (("Location", "27%"), ("Rule", "21%"), ("Errors", "14%"), ("In the table", "38%"))
    )
    # The one reason there is need not be looked for.
    is_open = len(found.refusals) == 1
    rows = "".join(_refusal_html(refusal, most, is_open) for refusal in found.refusals)
    more = len(found.report.counts) - len(found.refusals)
    rest = f'<p style="margin: 4px 0">and {more:,} more reasons</p>' if more > 0 else ""
    return (
        f'<div style="{TEXT}"><table style="border-collapse: collapse; table-layout: fixed; width: 100%; font-size: inherit">'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{rest}</div>"
    )


def _refusal_html(refusal: Refusal, most: int, is_open: bool) -> str:
    fate = html.escape(effect_text(refusal))
    mark, colour = EFFECTS[refusal.effects[0].effect] if refusal.effects else _KEPT
    width = max(2, round(100 * refusal.count / most))
    bar = f'<div aria-hidden="true" style="height: 4px; width: {width}%; background: var(--jp-error-color1, #d32f2f)"></div>'
    cells = (
        f"<code>{html.escape(refusal.location)}</code>",
        html.escape(_RULES.get(refusal.rule, refusal.rule)),
        f'<span style="font-variant-numeric: tabular-nums">{refusal.count:,}</span>{bar}',
        f'<span aria-hidden="true" style="color: {colour}; font-weight: bold">{mark}</span> {fate}',
    )
    row = "".join(f'<td style="{_CELL}; background: none">{cell}</td>' for cell in cells)
    return f'<tr style="background: none">{row}</tr>{_examples_row(refusal.examples, is_open)}'


def _examples_row(examples: tuple[Example, ...], is_open: bool) -> str:
    if not examples:
        return ""
    lines = ", ".join(_line(example) for example in examples)
    shown = "".join(_example_html(example) for example in examples)
    return (
        f'<tr style="background: none"><td colspan="4" style="{_CELL}; padding-bottom: 8px; border-bottom: {BORDER}">'
        f"<details{' open' if is_open else ''}>"
        f'<summary style="cursor: pointer">line {html.escape(lines)}</summary>{shown}</details></td></tr>'
    )


def _line(example: Example) -> str:
    return f"{example.line_number:,}" + (f" of {example.source}" if example.source else "")


def _example_html(example: Example) -> str:
    reason = f'<div style="padding: 6px 0 2px">Line {html.escape(_line(example))}: {html.escape(example.reason)}</div>'
    if example.excerpt is None:
        return reason
    part = example.excerpt
    marked = (
        '<mark style="background: #ffd54f; color: #212121; padding: 0 2px; border-radius: 2px">'
        f"{html.escape(part.marked)}</mark>"
    )
    return reason + code_block(f"{html.escape(part.before)}{marked}{html.escape(part.after)}")
