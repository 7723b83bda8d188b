"""The explorer without a kernel: its model against the local Athena, and its form over it."""

import gzip
import json
import re
import threading
import time

import ipywidgets
import pandas as pd
import pytest

from toolkit import aws
from toolkit.athena import Athena, Catalog
from toolkit.athena.selection import Filter
from toolkit.errors import BudgetExceeded, InvalidInput, NotFound, QueryFailed
from toolkit.hive import TableName, create_database_sql, drop_table_sql
from toolkit.widgets import Explorer, ExplorerModel
from toolkit.widgets.explorer import _first_to_plot, with_null
from toolkit.widgets.models import explorer as explorer_model
from toolkit.widgets.models.work import Cancelled

DAYS = ("2026-03-01", "2026-03-02", "2026-03-03")


@pytest.fixture
def database(platform, bucket):
    name = bucket.replace("-", "_")
    for number, day in enumerate(DAYS):
        lines = [
            {
                "n": n,
                "who": {"tier": ("new", "gold")[n % 2]},
                "items": [{"sku": f"s{n}", "price": n / 2}] * (number + 1),
            }
            for n in range(10)
        ]
        body = gzip.compress("\n".join(map(json.dumps, lines)).encode())
        aws.call("s3", "put_object", Bucket=bucket, Key=f"t/dt={day}/1.json.gz", Body=body)
    with Athena(database=name) as athena:
        athena.execute(create_database_sql(name))
        athena.execute(
            "CREATE EXTERNAL TABLE `t` (`n` bigint, `who` struct<`tier`:string>, "
            "`items` array<struct<`sku`:string,`price`:double>>) "
            f"PARTITIONED BY (`dt` string) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://{bucket}/t/'"
        )
        athena.execute("MSCK REPAIR TABLE `t`")
    return name


def test_what_is_chosen_is_what_comes_back(database):
    explorer = ExplorerModel(
        "t",
        database=database,
        columns=["n", "who.tier", "items[].sku"],
        filters=[("who.tier", "=", "gold")],
        time_from="2026-03-02",
        time_to="2026-03-02",
    )
    assert explorer.problems == ()
    estimate = explorer.estimate
    assert (estimate.tables[0].partitions, estimate.tables[0].partitions_total) == (1, 3)
    frame = explorer.run()
    assert frame.columns.tolist() == ["n", "who_tier", "items_sku"]
    assert sorted(frame["n"]) == sorted([1, 3, 5, 7, 9] * 2)
    assert explorer.frame is frame
    assert explorer.execution.data_scanned_in_bytes == estimate.data_scanned_in_bytes
    assert (explorer.state, explorer.message.partition(";")[0]) == ("done", "10 rows")
    assert explorer.hints == ("One row for each element of items; rows without any are left out.",)


def test_the_python_to_take_along_runs_and_gives_the_same(database):
    explorer = ExplorerModel(f"{database}.t", filters=[("who.tier", "!=", "it's \"\\ '''")], limit=7)
    frame = explorer.run()
    namespace = {}
    exec(explorer.python, namespace)
    assert len(namespace["frame"]) == len(frame) == 7
    assert namespace["sql"] == explorer.sql


def test_a_query_of_ones_own_stays_until_the_form_is_taken_again(database):
    explorer = ExplorerModel("t", database=database)
    made = explorer.sql
    explorer.sql = "SELECT dt, count(*) AS c FROM t GROUP BY dt ORDER BY dt"
    explorer.limit = 5
    assert explorer.is_edited
    assert explorer.run()["c"].tolist() == [10, 10, 10]
    assert explorer.make_profile()["column"].tolist() == ["dt", "c"]
    explorer.use_form()
    assert explorer.sql == made.replace("LIMIT 1000", "LIMIT 5")
    explorer.sql = explorer.sql
    assert not explorer.is_edited


def test_plots_count_the_rows_at_hand_or_all_rows(database):
    explorer = ExplorerModel("t", database=database, columns=["n", "who.tier", "dt"], limit=4)
    with pytest.raises(InvalidInput, match="there are no rows yet: run the query first"):
        explorer.plot("top values", "dt")
    explorer.run()
    assert explorer.plot("distribution", "n")["rows"].sum() == 4
    assert explorer.plot("over time", "dt", series="who_tier", all_rows=True)["rows"].tolist() == [5] * 6
    assert explorer.chart.to_dict()["mark"]["type"] == "line"
    assert not explorer.has_all_rows


def test_rows_at_hand_are_all_only_of_the_selection_that_gave_them(database):
    explorer = ExplorerModel("t", database=database, limit=10)
    explorer.run()
    assert not explorer.has_all_rows
    explorer.limit = 100
    assert not explorer.has_all_rows, "a larger limit brings no rows"
    explorer.run()
    assert explorer.has_all_rows
    explorer.filters = [("n", "=", "1")]
    assert not explorer.has_all_rows
    explorer.filters = []
    assert explorer.has_all_rows


def test_what_comes_back_is_of_what_was_asked_whatever_is_chosen_meanwhile(database):
    explorer = ExplorerModel("t", database=database, columns=["n", "dt"])

    def choose_another(_):
        explorer.database, explorer.table = "default", "other"

    assert len(explorer.run(choose_another)) == 30
    assert [name for name, _ in explorer.result_columns] == ["n", "dt"]
    assert (explorer.state, explorer.message) == ("done", f"30 rows; {explorer.execution}")
    assert (explorer.execution.state, explorer.result_table, explorer.has_all_rows) == ("SUCCEEDED", "t", False)
    for ask in (explorer.make_profile, lambda told: explorer.plot("top values", "dt", all_rows=True, on_progress=told)):
        explorer.database, explorer.table = database, "t"
        assert len(ask(choose_another)) > 0
        assert (explorer.state, explorer.profile, explorer.plotted) == ("done", None, None)


@pytest.mark.parametrize("question", ["databases", "tables", "described", "estimate"])
def test_what_was_asked_before_a_new_look_is_no_answer_to_it(database, monkeypatch, question):
    explorer = ExplorerModel("t", database=database)
    explorer.look()
    explorer.refresh()
    ask, asked, real = explorer_model._names, [], explorer_model._described

    def refresh_meanwhile(answer):
        if not asked:
            asked.append(True)
            explorer.refresh()
        return answer

    monkeypatch.setattr(explorer_model, "_names", lambda question: refresh_meanwhile(ask(question)))
    monkeypatch.setattr(explorer_model, "_described", lambda *key: refresh_meanwhile(real(*key)))
    assert getattr(explorer, question)
    assert (explorer.known_databases, explorer.known_tables) == ((), ())
    if question == "described":
        assert explorer.known is None


def test_a_budget_keeps_a_query_from_running(database):
    explorer = ExplorerModel("t", database=database, budget="1 byte")
    with pytest.raises(BudgetExceeded):
        explorer.run()
    assert explorer.state == "failed"
    assert explorer.message.startswith("not started: the query would read up to ")
    explorer.budget = "much"
    assert explorer.problems == ("size 'much': expected a number of bytes, or one with a unit, such as 500 MB or 2 GB",)
    explorer.budget = ""
    assert len(explorer.run()) == 30


def test_an_earlier_result_is_taken_only_where_that_is_asked_for(database):
    explorer = ExplorerModel("t", database=database, reuse_minutes=10)
    explorer.run()
    assert not explorer.execution.reused_previous_result
    assert len(explorer.run()) == 30
    assert explorer.execution.reused_previous_result
    explorer.reuse_minutes = 0
    explorer.run()
    assert not explorer.execution.reused_previous_result


def test_another_table_is_not_shown_the_profile_of_the_last(database):
    explorer = ExplorerModel("t", database=database)
    frame = explorer.run()
    explorer.make_profile()
    explorer.table = "other"
    assert (explorer.profile, explorer.plotted, explorer.frame is frame) == (None, None, True)


def test_a_table_dropped_meanwhile_is_told_and_nothing_is_lost(database):
    explorer = ExplorerModel("t", database=database, columns=["n"], filters=[("n", ">", "3")])
    frame = explorer.run()
    with Athena(database=database) as athena:
        athena.execute(drop_table_sql(TableName(database, "t")))
    with pytest.raises(NotFound):
        explorer.run()
    assert "it may have been dropped meanwhile: look again (↻) and choose another" in explorer.message
    assert (explorer.columns, explorer.filters, explorer.frame is frame) == (("n",), (Filter("n", ">", "3"),), True)
    explorer.refresh()
    assert len(explorer.problems) == 1
    assert "it may have been dropped meanwhile" in explorer.problems[0]
    assert explorer.tables == ()


def test_a_database_without_tables_and_a_query_without_rows_say_so(database):
    with Athena() as athena:
        athena.execute(create_database_sql(f"{database}_empty"))
    explorer = Explorer(database=f"{database}_empty")
    assert explorer.view
    explorer.look()
    assert explorer.problems == (f"database '{database}_empty' has no table: choose another",)
    explorer.database = database
    assert explorer.problems == ("no table is chosen: choose one",)
    explorer.table = "t"
    explorer.filters = [("n", ">", "100")]
    assert explorer.run().empty
    assert "No row: nothing" in explorer._rows.children[0].value
    explorer.filters = []
    explorer.run()
    assert type(explorer._rows.children[0]).__name__ == "ITable"


def test_a_view_is_explored_as_a_table_is(database):
    with Athena(database=database) as athena:
        athena.execute("CREATE VIEW gold AS SELECT n, dt FROM t WHERE who.tier = 'gold'")
    explorer = ExplorerModel("gold", database=database)
    assert len(explorer.run()) == 15
    assert explorer.estimate.tables[0].name == "t"


SLOW = """SELECT count(*) AS c
FROM UNNEST(sequence(1, 10000)) AS a (x), UNNEST(sequence(1, 10000)) AS b (y), UNNEST(sequence(1, 1000)) AS c (z)
WHERE x * y + z < 0"""


def test_cancel_stops_the_query_on_athena(database):
    explorer = ExplorerModel("t", database=database, sql=SLOW)
    canceller = []

    def on_progress(execution):
        if not canceller:
            canceller.append(threading.Thread(target=explorer.cancel))
            canceller[0].start()

    with pytest.raises(QueryFailed) as caught:
        explorer.run(on_progress)
    assert (explorer.state, explorer.message) == ("cancelled", "cancelled on Athena")
    status = aws.call("athena", "get_query_execution", QueryExecutionId=caught.value.query_execution_id)
    assert status["QueryExecution"]["Status"]["State"] == "CANCELLED"


def test_a_cancel_before_athena_was_asked_is_heard(database):
    explorer = ExplorerModel("t", database=database)
    explorer.observe(lambda: explorer.cancel() if explorer.is_running else None)
    with pytest.raises(Cancelled):
        explorer.run()
    assert (explorer.state, explorer.message) == ("cancelled", "cancelled before the query was started")
    assert explorer.execution is None


def test_without_credentials_one_sentence_says_what_to_do(monkeypatch):
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    explorer = ExplorerModel("t", database="d", filters=[("n", ">", "3")])
    [problem] = explorer.problems
    assert problem.startswith("Unable to locate credentials; set AWS_PROFILE or ")
    assert "\n" not in problem
    with pytest.raises(InvalidInput):
        explorer.run()
    assert explorer.filters == (Filter("n", ">", "3"),)


def controls(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from controls(child)


def field(explorer, label):
    [found] = [control for control in controls(explorer.view) if getattr(control, "description", None) == label]
    return found


def wait_until(told):
    deadline = time.monotonic() + 60
    while not told():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_state_flows_both_ways(database):
    explorer = Explorer("t", database=database)
    view = explorer.view
    wait_until(lambda: explorer.known is not None and explorer.known_estimate is not None)
    assert field(explorer, "Table").options == ("t",)
    explorer.time_from = "2026-03-03"
    assert field(explorer, "From").value == "2026-03-03"
    field(explorer, "To").value = "2026-03-03"
    assert explorer.time_to == "2026-03-03"
    explorer.columns = ["who.tier"]
    assert explorer._fields["chosen"].value == ["who.tier"]
    explorer._fields["chosen"].value = ["n"]
    assert explorer.columns == ("n",)
    field(explorer, "+ Add filter").click()
    assert explorer.filters == ()
    field(explorer, "Filter 1: condition").value = ">"
    field(explorer, "Filter 1: value").value = "3"
    assert explorer.filters == (Filter("n", ">", "3"),)
    field(explorer, "Filter 1: column").value = "who.tier"
    assert field(explorer, "Filter 1: condition").value == "="
    explorer.filters = [("n", "in", [1, 2])]
    assert field(explorer, "Filter 1: value").value == "1, 2"
    assert '"n" IN (1, 2)' in explorer._fields["query"].value
    explorer._fields["query"].value = "SELECT 1 AS one"
    assert explorer.sql == "SELECT 1 AS one"
    explorer.use_form()
    field(explorer, "Run").click()
    wait_until(lambda: explorer.state == "done")
    assert explorer.frame["n"].tolist() in ([1, 2], [2, 1])
    assert view is explorer.view
    for control in controls(view):
        if isinstance(control, ipywidgets.Text | ipywidgets.Dropdown | ipywidgets.Checkbox):
            assert control.description
        if isinstance(control, ipywidgets.Button):
            assert control.tooltip
        assert not getattr(control, "disabled", False)


def test_missing_text_is_shown_as_null():
    frame = pd.DataFrame({"text": ["a", None], "number": [1.5, None], "any": [None, "1"]}).set_axis(list("aab"), axis=1)
    shown = with_null(frame)
    assert (shown.iloc[:, 0].tolist(), shown.iloc[:, 2].tolist()) == (["a", "NULL"], ["NULL", "1"])
    assert pd.isna(shown.iloc[1, 1])
    assert frame.iloc[:, 0].isna().tolist() == [False, True]


def test_a_picture_of_some_rows_says_so_and_every_mark_tells_its_value(database):
    explorer = Explorer("t", database=database, columns=["n", "dt"], limit=4)
    assert explorer.view
    explorer.run()
    explorer.plot("top values", "dt")
    shown = explorer._shown["drawn"].value
    assert "Of the 4 rows at hand." in shown
    assert (explorer._plot["column"].value, explorer._plot["kind"].value) == ("dt", "top values")
    explorer._plot["column"].value = "n"
    assert explorer._plot["kind"].value == "distribution"
    wait_until(lambda: explorer.plotted[0].column == "n")
    explorer._plot["column"].value = "dt"
    assert explorer._plot["kind"].value == "top values"
    wait_until(lambda: explorer.plotted[0].column == "dt")
    explorer._plot["kind"].value = "over time"
    explorer._offer_plots()
    assert explorer._plot["kind"].value == "over time"
    assert re.search(r"<title>2026-03-0\d: \d rows?</title></path>", shown)


def test_what_is_chosen_while_something_runs_is_drawn_after_it(database):
    explorer = Explorer("t", database=database, columns=["n", "dt"])
    assert explorer.view
    explorer._tabs.selected_index = 1
    explorer.run()
    wait_until(lambda: explorer.plotted is not None and explorer.state == "done")
    assert explorer.plotted[0].column == "n"
    seen = []

    def choose():
        if explorer.is_running and not seen:
            seen.append(True)
            explorer._plot["column"].value = "dt"

    explorer.observe(choose)
    explorer.run()
    wait_until(lambda: explorer.plotted is not None and explorer.plotted[0].column == "dt")


def test_a_time_is_drawn_before_a_number_and_an_identifier_last():
    found = _first_to_plot(
        (("order_id", "bigint"), ("event_time", "varchar"), ("amount", "double"), ("tier", "varchar"))
    )
    assert found == "event_time"
    assert _first_to_plot((("order_id", "bigint"), ("amount", "double"), ("tier", "varchar"))) == "amount"
    assert _first_to_plot((("items", "array(varchar)"), ("order_id", "bigint"))) == "order_id"
    assert _first_to_plot((("items", "array(varchar)"),)) == ""


def test_a_saved_notebook_reads_without_a_kernel_and_escapes_what_it_shows(database):
    explorer = Explorer("t", database=database, columns=["n", "dt"], filters=[("who.tier", "!=", "<script>x</script>")])
    explorer.run()
    explorer.plot("top values", "dt")
    bundle = explorer._repr_mimebundle_()
    assert bundle["text/plain"] == f"Explorer('{database}.t')"
    assert "<script>" not in bundle["text/html"]
    assert "30 of" not in bundle["text/html"]
    assert "10 of 30 rows" in bundle["text/html"]
    assert "<svg" in bundle["text/html"]
    assert "t" in Catalog().tables(database)
