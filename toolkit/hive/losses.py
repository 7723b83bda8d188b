"""
What may not survive the way from an event into the table, as data and as a readable table.

A loss names a column, the place of the schema, the rule that chose the column's type, the effect on a query, and in words
which values are concerned. A value that no loss names comes back from the table as it stood in the event.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

Effect = Literal["error", "null", "rounded", "changed", "dropped"]


@dataclass(frozen=True, slots=True)
class Loss:
    """
    One thing that may be lost.

    ``column`` is a path such as ``address.street``, ``items[].price`` or ``tags{}``, "" for the whole row; ``pointer`` the
    place in the schema. ``effect`` is the worst that happens: ``error`` (queries of the column, or of the row, fail), ``null``,
    ``rounded``, ``changed`` (it reads as something else) or ``dropped`` (there is no column for it).
    """

    column: str
    pointer: str
    rule: str
    effect: Effect
    consequence: str


def losses_text(losses: Sequence[Loss]) -> str:
    """Return *losses* as a table of fixed columns, one line each; a sentence where there are none."""
    if not losses:
        return "Nothing is lost: every value that the schema accepts comes back from the table."
    heads = [field.name for field in fields(Loss)]
    rows = [[_shown(cell) for cell in astuple(replace(loss, column=loss.column or "(row)"))] for loss in losses]
    # The last column holds sentences and needs no padding.
    widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads) - 1)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=True)), row[-1]])
        for row in [heads, ["-" * len(head) for head in heads], *rows]
    ]
    return "\n".join(lines)


def losses_summary(losses: Sequence[Loss], *, width: int = 80) -> str:
    """Return *losses* in lines of at most *width* characters: each consequence once, and below it the columns it concerns."""
    from textwrap import fill

    columns: dict[tuple[str, str], list[str]] = {}
    for loss in losses:
        columns.setdefault((loss.effect, loss.consequence), []).append(_shown(loss.column or "(row)"))
    lines = []
    for (effect, consequence), names in columns.items():
        lines.append(fill(f"{effect}: {consequence}", width, subsequent_indent="  "))
        named = ", ".join(dict.fromkeys(names))
        # A name that is longer than a line stays whole.
        lines.append(
            fill(
                named,
                width,
                initial_indent="    ",
                subsequent_indent="    ",
                break_on_hyphens=False,
                break_long_words=False,
            )
        )
    return "\n".join(lines) or losses_text(losses)


def _shown(value: str) -> str:
    # Pointers hold keys of the schema, which may hold anything.
    return "".join(character if character.isprintable() else "\ufffd" for character in value) or "(root)"


def losses_frame(losses: Sequence[Loss]) -> pd.DataFrame:
    """Return *losses* as a DataFrame with the columns column, pointer, rule, effect and consequence."""
    import pandas as pd

    return pd.DataFrame([astuple(loss) for loss in losses], columns=[field.name for field in fields(Loss)])
