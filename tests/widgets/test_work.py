import pytest

from toolkit.errors import InvalidInput, QueryFailed, TableError
from toolkit.widgets.models import Work
from toolkit.widgets.models.work import Cancelled


def raising(error):
    def action():
        raise error

    return action


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (None, ("done", "made")),
        (TableError("it\ndiffers"), ("failed", "it differs")),
        (Cancelled("stopped after two"), ("cancelled", "stopped after two")),
        (KeyboardInterrupt(), ("cancelled", "interrupted")),
        (ZeroDivisionError("division by zero"), ("failed", "ZeroDivisionError: division by zero")),
        (QueryFailed("no such table", query_execution_id="1", state="FAILED"), None),
        (QueryFailed("by the user", query_execution_id="1", state="CANCELLED"), ("cancelled", "by the user")),
    ],
)
def test_who_reads_how_work_ended_can_start_the_next_at_once(error, told):
    work = Work()
    endings = []

    def again():
        if not work.is_running and not endings:
            endings.append((work.state, work.message))
            endings.append(work.work("Once more", lambda: "again"))

    work.observe(again)
    if error is None:
        assert work.work("Making", lambda: "made") == "made"
    else:
        with pytest.raises(type(error)):
            work.work("Making", raising(error))
    assert endings == [told or ("failed", str(error)), "again"]
    assert (work.state, work.message) == ("done", "again")


def test_work_beside_work_is_refused():
    work = Work()

    def action():
        with pytest.raises(InvalidInput, match="something is running already"):
            work.work("Second", lambda: None)
        return "first"

    assert work.work("First", action) == "first"
