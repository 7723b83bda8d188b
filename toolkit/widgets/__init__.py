"""
Apps for notebooks, each a thin shell over a model.

    from toolkit.widgets import TableCreator

    creator = TableCreator(schema="order_placed")
    creator

The names load when first used: importing this package loads no widget library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from toolkit.widgets.event_validator import EventValidator as EventValidator
    from toolkit.widgets.explorer import Explorer as Explorer
    from toolkit.widgets.models import EventValidatorModel as EventValidatorModel
    from toolkit.widgets.models import ExplorerModel as ExplorerModel
    from toolkit.widgets.models import TableCreatorModel as TableCreatorModel
    from toolkit.widgets.notebooks import refresh_notebooks as refresh_notebooks
    from toolkit.widgets.table_creator import TableCreator as TableCreator

_HOMES = {
    "EventValidator": "toolkit.widgets.event_validator",
    "EventValidatorModel": "toolkit.widgets.models",
    "Explorer": "toolkit.widgets.explorer",
    "ExplorerModel": "toolkit.widgets.models",
    "TableCreator": "toolkit.widgets.table_creator",
    "TableCreatorModel": "toolkit.widgets.models",
    "refresh_notebooks": "toolkit.widgets.notebooks",
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


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'toolkit.widgets' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return [*__all__]
