import subprocess
import sys
import threading

import ipywidgets
import pytest

from toolkit.errors import AwsError, SchemaError
from toolkit.widgets import TableCreator
from toolkit.widgets import controls as controls_module
from toolkit.widgets.models import schema_choice


@pytest.fixture
def creator():
    return TableCreator(schema="order_placed", table="orders")


def controls(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from controls(child)


def field(creator, label):
    [found] = [control for control in controls(creator.view) if getattr(control, "description", None) == label]
    return found


def page(creator):
    return "\n".join(control.value for control in controls(creator.view) if isinstance(control, ipywidgets.HTML))


def test_importing_the_package_loads_no_widget_library():
    code = "import sys, toolkit.widgets, toolkit.widgets.models; sys.exit('ipywidgets' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_unknown_name_of_the_package_is_an_attribute_error():
    import toolkit.widgets

    with pytest.raises(AttributeError, match=r"'toolkit\.widgets' has no attribute 'Nothing'"):
        _ = toolkit.widgets.Nothing


def test_setting_an_attribute_moves_the_field(creator):
    assert field(creator, "Table").value == "orders"
    creator.table = "x"
    assert field(creator, "Table").value == "x"
    assert field(creator, "Location").value == "s3://events/x/"
    creator.schema = "user_registered"
    assert field(creator, "Schema").value == "user_registered"
    assert field(creator, "Version").options == ("1",)


def test_moving_a_field_sets_the_attribute(creator):
    field(creator, "Table").value = "x"
    assert (creator.table, creator.location) == ("x", "s3://events/x/")
    field(creator, "Version").value = "1"
    assert "`channel`" not in creator.ddl
    field(creator, "Schema").value = "product_viewed"
    assert (creator.schema, creator.version) == ("product_viewed", "1")


def test_a_repository_that_takes_its_time_does_not_hold_the_kernel(creator, monkeypatch):
    asked, answered = threading.Event(), threading.Event()

    def slow(source):
        asked.set()
        assert answered.wait(60)
        raise SchemaError("no answer", source=source)

    monkeypatch.setattr(schema_choice, "open_repository", slow)
    field(creator, "Schemas in").value = "s3://far-away/"
    assert asked.wait(60), "the field is set, and this thread goes on"
    assert creator.problems == ()
    seen = threading.Event()
    creator.observe(lambda: creator.problems and seen.set())
    answered.set()
    assert seen.wait(60)
    assert "no answer" in creator.problems[0]


def test_a_repository_that_answers_late_takes_nothing_from_the_one_chosen_since(creator, monkeypatch, tmp_path):
    (tmp_path / "near").mkdir()
    (tmp_path / "near" / "1.json").write_text('{"type": "object", "properties": {"id": {"type": "integer"}}}')
    asked, answered = threading.Event(), threading.Event()
    opened = schema_choice.open_repository

    def slow(source):
        if source == "far":
            asked.set()
            assert answered.wait(60)
            raise SchemaError("no answer", source=source)
        return opened(source)

    monkeypatch.setattr(schema_choice, "open_repository", slow)
    late = threading.Thread(target=lambda: setattr(creator, "repository", "far"))
    late.start()
    assert asked.wait(60)
    creator.table = "typed_meanwhile"
    assert creator.location == "s3://events/typed_meanwhile/"
    creator.repository = str(tmp_path)
    before = (creator.repository, creator.names, creator.schema, creator.version, creator.ddl)
    assert before[:4] == (str(tmp_path), ("near",), "near", "1")
    answered.set()
    late.join()
    assert (creator.repository, creator.names, creator.schema, creator.version, creator.ddl) == before
    assert creator.problems == ()


def test_a_plan_that_took_its_time_is_not_that_of_what_was_typed_since(creator, monkeypatch):
    asked, answered = threading.Event(), threading.Event()
    planned = creator._planned

    def slow():
        plan = planned()
        if threading.current_thread() is late:
            asked.set()
            assert answered.wait(60)
        return plan

    monkeypatch.setattr(creator, "_planned", slow)
    late = threading.Thread(target=lambda: setattr(creator, "storage", "hive"))
    late.start()
    assert asked.wait(60)
    creator.table = "typed_since"
    answered.set()
    late.join()
    assert creator.plan.table.name == "typed_since"
    assert "`typed_since`" in creator.ddl
    assert "hive" in creator.ddl


def test_a_blank_at_the_end_stays_under_the_fingers(creator):
    field(creator, "Table").value = "orders "
    assert field(creator, "Table").value == "orders "
    assert creator.problems == ()


def test_a_schema_that_is_not_there_leaves_the_choice_open(creator):
    creator.schema = "nothing"
    assert field(creator, "Schema").value is None
    assert "no schema named &#x27;nothing&#x27;" in page(creator)


def test_the_page_shows_statement_losses_and_python_escaped(creator):
    text = page(creator)
    assert "CREATE" in text
    assert "an integer beyond 64 bits" in text
    assert "open_repository" in text
    creator.database = "<script>alert(1)</script>"
    assert "<script>" not in page(creator) + creator._repr_mimebundle_()["text/html"]


def test_every_control_has_a_name(creator):
    for control in controls(creator.view):
        if isinstance(control, ipywidgets.Text | ipywidgets.Dropdown | ipywidgets.Button):
            assert control.description
        if isinstance(control, ipywidgets.Button):
            assert control.tooltip


def test_a_saved_notebook_reads_without_a_kernel(creator):
    bundle = creator._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/plain"] == "TableCreator(schema='order_placed', version='2', table='events.orders')"
    assert "s3://events/orders/" in bundle["text/html"]
    assert bundle["text/html"] == TableCreator(schema="order_placed", table="orders")._repr_mimebundle_()["text/html"]


def wait_for_worker():
    for thread in threading.enumerate():
        if thread.name in ("TableCreator", "Rehearsal"):
            thread.join(10)


class Rehearsal(TableCreator):
    """Waits for the test instead of Athena."""

    def __init__(self, **settings):
        super().__init__(**settings)
        self.started, self.asked = threading.Event(), threading.Event()

    def _create(self, table, on_progress):
        self.started.set()
        assert self.asked.wait(10)
        raise AwsError("no such luck")

    def cancel(self):
        super().cancel()
        self.asked.set()


def test_the_button_turns_into_cancel_and_back_and_is_never_disabled():
    creator = Rehearsal(table="orders")
    button = field(creator, "Create")
    button.click()
    assert creator.started.wait(10)
    assert (button.description, button.disabled) == ("Cancel", False)
    field(creator, "Table").value = "typed_meanwhile"
    button.click()
    wait_for_worker()
    assert (button.description, button.disabled) == ("Create", False)
    assert "✗ no such luck" in page(creator)
    assert field(creator, "Table").value == "typed_meanwhile"


def test_a_click_with_problems_says_them(creator):
    creator.table = "x y"
    field(creator, "Create").click()
    wait_for_worker()
    assert "✗ not created: table name" in page(creator)
    assert "table name &#x27;x y&#x27;: expected letters" in page(creator)


def test_what_is_typed_while_work_ends_in_its_thread_is_kept(creator):
    text = field(creator, "Table")
    holds = threading.Event()
    kept = []

    def end_of_work():
        with creator._lock:
            holds.set()
            while text.value != "typed":
                holds.wait(0.001)
            # The letters are in the field, and the attribute has yet to hear of them.
            creator._refresh()
            kept.append((creator.table, text.value))

    worker = threading.Thread(target=end_of_work)
    worker.start()
    assert holds.wait(10)
    text.value = "typed"
    worker.join(10)
    assert kept == [("orders", "typed")]
    assert (creator.table, text.value) == ("typed", "typed")


@pytest.fixture
def clicked(creator, monkeypatch):
    """Click *Create* as a page does; return what was started, and what the page was asked."""
    started, asked = [], []
    button = field(creator, "Create")
    monkeypatch.setattr(creator, "start", lambda action: started.append((action.__name__, creator.table)))
    monkeypatch.setattr(creator._lifeline, "send", asked.append)
    button._handle_custom_msg({"event": "click"}, [])
    return started, asked


def test_a_click_waits_for_what_was_typed_before(creator, clicked):
    started, [question] = clicked
    assert question["type"] == "settle"
    field(creator, "Table").value = "typed"
    assert started == []
    # Twice on a page is two answers to one click.
    for _ in range(2):
        creator._lifeline._heard(None, {"type": "settled", "number": question["number"]}, [])
    assert started == [("create", "typed")]


def test_a_click_on_a_page_that_is_silent_counts_all_the_same(creator, monkeypatch):
    monkeypatch.setattr(controls_module, "SECONDS_TO_SETTLE", 0.01)
    done = threading.Event()
    field(creator, "Create")
    creator._lifeline.settle(done.set)
    assert done.wait(10)


def test_a_click_on_cancel_never_becomes_a_start(creator, clicked):
    started, [question] = clicked
    creator.tell("running", "Looking for it")
    creator._button._handle_custom_msg({"event": "click"}, [])
    assert creator._cancelled.is_set()
    creator._lifeline._heard(None, {"type": "settled", "number": question["number"]}, [])
    assert started == []
