"""
The models behind the apps: what an app shows and does, without a kernel.

The names load when first used, so that an app does not wait for the models of the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.lazy import lazy_names as _lazy_names

if TYPE_CHECKING:
    from toolkit.widgets.models.event_validator import EventValidatorModel as EventValidatorModel
    from toolkit.widgets.models.event_validator import Refusal as Refusal
    from toolkit.widgets.models.event_validator import Validation as Validation
    from toolkit.widgets.models.explorer import ExplorerModel as ExplorerModel
    from toolkit.widgets.models.observable import Observable as Observable
    from toolkit.widgets.models.observable import State as State
    from toolkit.widgets.models.observable import TextState as TextState
    from toolkit.widgets.models.sources import event_sources as event_sources
    from toolkit.widgets.models.table_creator import TableCreation as TableCreation
    from toolkit.widgets.models.table_creator import TableCreatorModel as TableCreatorModel
    from toolkit.widgets.models.work import Work as Work

_HOMES = {
    "EventValidatorModel": "event_validator",
    "ExplorerModel": "explorer",
    "Observable": "observable",
    "Refusal": "event_validator",
    "State": "observable",
    "TableCreation": "table_creator",
    "TableCreatorModel": "table_creator",
    "TextState": "observable",
    "Validation": "event_validator",
    "Work": "work",
    "event_sources": "sources",
}

__all__ = [
    "EventValidatorModel",
    "ExplorerModel",
    "Observable",
    "Refusal",
    "State",
    "TableCreation",
    "TableCreatorModel",
    "TextState",
    "Validation",
    "Work",
    "event_sources",
]

__getattr__, __dir__ = _lazy_names(__name__, _HOMES)
