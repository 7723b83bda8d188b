"""What is to be said of a planned table before it is made: names, losses, location, and the cost of its layout."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from toolkit.errors import number_of
from toolkit.hive import Loss, TablePlan
from toolkit.widgets.models.inspection import SMALL_OBJECT_BYTES, Inspection, megabytes, scan_cost

Level = Literal["good", "note", "warning"]
MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: its subject, whether it is good, and a sentence."""

    subject: str
    level: Level
    text: str


def checks(plan: TablePlan, inspection: Inspection | None) -> tuple[Check, ...]:
    """Return what is to be said of *plan*; of the location only with the *inspection*."""
    return (*_names(plan), *_losses(plan.columns.losses), *_layout(plan), *_location(plan, inspection))


def _names(plan: TablePlan) -> Iterator[Check]:
    renamed = [f"{key} → {name}" for key, name in plan.columns.naming.renamed.items()]
    if plan.columns.naming.case_sensitive:
        yield Check("Names", "note", "keys differ only in letter case, so the reader tells them apart by it")
    if renamed:
        count = "1 key gets a plain name" if len(renamed) == 1 else f"{len(renamed)} keys get plain names"
        yield Check("Names", "note", f"{count}: {_some(renamed)}")
    else:
        yield Check("Names", "good", "every key is a plain column name already")


def _losses(losses: Sequence[Loss]) -> Iterator[Check]:
    if not losses:
        yield Check("Losses", "good", "what the validator accepts comes back as it went in")
        return
    worst = [loss for loss in losses if loss.effect in ("error", "null", "dropped")]
    columns = list(dict.fromkeys(loss.column or "(the row)" for loss in worst or losses))
    what = "may lose a value or fail a query" if worst else "may be rounded or changed"
    count = "1 column" if len(columns) == 1 else f"{len(columns)} columns"
    yield Check("Losses", "warning" if worst else "note", f"{count} {what}: {_some(columns)}; see Losses")


def _layout(plan: TablePlan) -> Iterator[Check]:
    keys = [key.name for key in plan.table.partition_keys]
    if keys or plan.table.is_iceberg:
        projected = plan.table.is_projected
        how = "Athena computes them" if projected else "the catalogue lists them; new ones must be registered"
        if keys:
            yield Check("Partitions", "good", f"by {', '.join(keys)}; {how}")
    else:
        yield Check("Partitions", "warning", "none: every query reads every object")
    if plan.table.parameters.get("classification") in ("json", "ion"):
        yield Check(
            "Format", "note", "rows are read whole; a curated copy in Parquet reads only the columns a query names"
        )
    else:
        yield Check("Format", "good", "columnar: a query reads only the columns it names")


def _location(plan: TablePlan, found: Inspection | None) -> Iterator[Check]:
    if found is None:
        yield Check("Location", "note", "being looked at")
    elif found.failure:
        yield Check("Location", "warning", found.failure)
    elif not found.object_count:
        yield Check("Location", "note", f"nothing lies at {plan.table.location} yet")
    else:
        yield from _stored(plan, found)


def _stored(plan: TablePlan, found: Inspection) -> Iterator[Check]:
    least = "" if found.is_whole else "more than "
    size = megabytes(found.byte_count)
    yield Check("Location", "good", f"{least}{number_of(found.object_count, 'object')}, {size}")
    keys = ", ".join(key.name for key in plan.table.partition_keys)
    if keys and not found.partitions:
        yield Check(
            "Location", "warning", f"no object lies under {keys.split(', ')[0]}=…/, so the table would show no row"
        )
    whole = f"a query over everything reads {least}{size}, ${scan_cost(found.byte_count):f}"
    if found.partitions:
        share = found.byte_count // len(found.partitions)
        part = f"over one of the {len(found.partitions):,} partitions {megabytes(share)}, ${scan_cost(share):f}"
        yield Check("Cost", "good", f"{whole}; {part}")
    else:
        yield Check("Cost", "note", whole)
    mean = found.byte_count // found.object_count
    if found.object_count > 1_000 and mean < SMALL_OBJECT_BYTES:
        yield Check(
            "Cost", "warning", f"objects are small, {megabytes(mean)} each: queries spend their time opening them"
        )


def _some(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
