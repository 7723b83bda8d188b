"""The models behind the apps: what an app shows and does, without a kernel."""

from toolkit.widgets.models.observable import Observable, State, TextState
from toolkit.widgets.models.table_creator import TableCreation, TableCreatorModel

__all__ = ["Observable", "State", "TableCreation", "TableCreatorModel", "TextState"]
