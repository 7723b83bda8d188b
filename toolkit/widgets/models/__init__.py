"""The models behind the apps: what an app shows and does, without a kernel."""

from toolkit.widgets.models.event_validator import EventValidatorModel, Refusal, Validation
from toolkit.widgets.models.explorer import ExplorerModel
from toolkit.widgets.models.observable import Observable, State, TextState
from toolkit.widgets.models.table_creator import TableCreation, TableCreatorModel
from toolkit.widgets.models.work import Work

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
]
