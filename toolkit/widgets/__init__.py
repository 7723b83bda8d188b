"""
Apps for notebooks, each a thin shell over a model.

    from toolkit.widgets import TableCreator

    creator = TableCreator(schema="order_placed")
    creator

The names load when first used: importing this package loads no widget library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.lazy import lazy_names as _lazy_names

if TYPE_CHECKING:
    from toolkit.widgets.event_validator import EventValidator as EventValidator
    from toolkit.widgets.explorer import Explorer as Explorer
    from toolkit.widgets.models import EventValidatorModel as EventValidatorModel
    from toolkit.widgets.models import ExplorerModel as ExplorerModel
    from toolkit.widgets.models import TableCreatorModel as TableCreatorModel
    from toolkit.widgets.notebooks import refresh_notebooks as refresh_notebooks
    from toolkit.widgets.table_creator import TableCreator as TableCreator

_HOMES = {
    "EventValidator": "event_validator",
    "EventValidatorModel": "models",
    "Explorer": "explorer",
    "ExplorerModel": "models",
    "TableCreator": "table_creator",
    "TableCreatorModel": "models",
    "refresh_notebooks": "notebooks",
}

__all__ = [
    "EventValidator",
    "EventValidatorModel",
    "Explorer",
    "ExplorerModel",
    "TableCreator",
    "TableCreatorModel",
    "refresh_notebooks",
]

__getattr__, __dir__ = _lazy_names(__name__, _HOMES)
