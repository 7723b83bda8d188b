"""The explorer in JupyterLab, used as an analyst uses it, in headless Chromium."""

import gzip
import json
import re
from collections import defaultdict

import pytest

from toolkit import aws, sample_events
from toolkit.widgets.models import TableCreatorModel

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def orders(bucket):
    """A week of the shop's orders, a prefix per day; gives the table's database, which has no other table."""
    by_day = defaultdict(list)
    for line in sample_events(600, broken_share=0):
        by_day[json.loads(line)["event_time"][:10]].append(line)
    for day, lines in by_day.items():
        key = f"orders/dt={day}/events.json.gz"
        aws.call("s3", "put_object", Bucket=bucket, Key=key, Body=gzip.compress(b"\n".join(lines)))
    database = bucket.replace("-", "_")
    TableCreatorModel(
        schema="order_placed", database=database, table="orders", location=f"s3://{bucket}/orders/"
    ).create()
    return database


def test_an_analyst_explores_a_table_with_the_mouse_and_with_the_keyboard(open_notebook, orders):
    notebook = open_notebook(
        "explore-a-table",
        "from toolkit.widgets import Explorer",
        f"explorer = Explorer('orders', database='{orders}')\nexplorer",
    )
    page = notebook.page
    sql = page.get_by_label("SQL", exact=True)
    page.get_by_text("Before the run: reads").wait_for()

    page.get_by_label("Find a column").fill("tier")
    page.get_by_role("checkbox", name=re.compile("^tier")).check()
    page.get_by_label("Find a column").fill("amount")
    page.get_by_role("checkbox", name=re.compile("^amount")).last.check()
    page.get_by_label("Find a column").fill("channel")
    page.get_by_role("checkbox", name=re.compile("^channel")).check()
    page.get_by_label("From", exact=True).fill("2026-03-06")
    page.get_by_role("button", name="+ Add filter").click()
    page.get_by_label("Filter 1: column").select_option("channel")
    page.get_by_label("Filter 1: value").fill("web")
    page.get_by_text("3 of 7 partitions").wait_for()
    # The filter may reach the kernel after the range.
    notebook.expect(sql).to_have_value(re.compile("\"channel\" = 'web'"))
    notebook.expect(page.get_by_label("Filter 1: value")).to_have_value("web")
    page.get_by_role("button", name="Run", exact=True).click()
    notebook.told(re.compile(r"\d+ rows; succeeded"))
    page.locator(".toolkit-app .dt-container").wait_for()
    notebook.told(re.compile(r"read, \$0\.\d+"))  # the real figures after the run
    rows = notebook.download("Download rows (CSV)")
    assert rows.suggested_filename == "orders.csv"
    lines = rows.path().read_text().splitlines()
    assert lines[0] == "customer_tier,total_amount,channel"
    assert len(lines) - 1 == int(notebook.use_kernel("print(len(explorer.frame))"))
    for theme in ("light", "dark"):
        notebook.use_theme(theme)
        notebook.show_app()
        notebook.screenshot(f"explorer-rows-{theme}")
        # The table itself is DataTables': its buttons for other pages are disabled, not faint.
        notebook.check_access(".toolkit-app")

    # Each tab with the arrow keys alone; a plot is there as soon as its tab is opened.
    notebook.press_tabs("Rows", "Plot", "Profile", "Python")
    page.get_by_role("tab", name="Plot").click()
    page.locator(".toolkit-app div[role=img] > svg").wait_for()
    page.get_by_label("Column", exact=True).select_option("channel")
    # Of the picture for the column alone: one bar for each value.
    page.locator(".toolkit-app [role=img] title").filter(has_text=re.compile(r"^web: \d+ rows$")).wait_for(
        state="attached"
    )
    notebook.screenshot("explorer-plot-dark")
    notebook.check_access(".toolkit-app")
    page.get_by_role("tab", name="Profile").click()
    page.get_by_role("button", name="Profile all rows").click()
    notebook.told("rows profiled")
    notebook.screenshot("explorer-profile-dark")
    notebook.check_access(".toolkit-app")

    # With the keyboard alone: write a query, run it with Ctrl-Enter, and go on with Tab.
    sql.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("SELECT channel,\n nothing FROM orders")
    page.keyboard.press("Control+Enter")
    page.get_by_text("> 2 |  nothing FROM orders").wait_for()
    page.keyboard.press("Control+a")
    page.keyboard.type("SELECT channel, count(*) AS orders FROM orders GROUP BY 1")
    for label in ("Limit", "Budget", "Reuse results"):
        page.keyboard.press("Tab")
        notebook.expect(page.get_by_label(label, exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    page.get_by_text("was written by hand").wait_for()
    run = page.get_by_role("button", name=re.compile("^(Run|Cancel)$"))
    notebook.expect(run).to_be_focused()
    page.keyboard.press("Enter")
    notebook.told("4 rows; succeeded")
    # The focus stays where the work is.
    notebook.expect(run).to_be_focused()
    assert notebook.use_kernel("print(len(explorer.frame), explorer.filters[0].value)").strip() == "4 web"
    notebook.check()


SLOW = """SELECT count(*) AS c
FROM UNNEST(sequence(1, 10000)) AS a (x), UNNEST(sequence(1, 10000)) AS b (y), UNNEST(sequence(1, 1000)) AS c (z)
WHERE x * y + z < 0"""


def test_what_goes_wrong_is_said_and_the_form_stays(open_notebook, orders):
    notebook = open_notebook(
        "explore-in-trouble",
        f"from toolkit.widgets import Explorer\nexplorer = Explorer('orders', database='{orders}')\nexplorer",
    )
    page = notebook.page
    sql = page.get_by_label("SQL", exact=True)
    page.get_by_text("Before the run: reads").wait_for()

    # Over the budget nothing runs, and the sentence says so beforehand.
    page.get_by_label("Budget", exact=True).fill("1 kB")
    page.get_by_text("More than the budget of 1 kB: it will not run").wait_for()
    page.get_by_role("button", name="Run", exact=True).click()
    notebook.told("not started: the query would read up to")
    notebook.screenshot("explorer-over-budget")
    page.get_by_label("Budget", exact=True).fill("")

    # A cancel ends the query on Athena.
    sql.fill(SLOW)
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Cancel", exact=True).click()
    notebook.told("cancelled on Athena")
    told = notebook.use_kernel("print(explorer._athena.last_execution.state)")
    assert told.strip() == "CANCELLED"
    assert sql.input_value() == SLOW

    # The kernel goes, the app says what to do, and what stood in the form comes back.
    page.get_by_label("From", exact=True).fill("2026-03-06")
    page.get_by_label("Limit", exact=True).select_option("100 rows")
    notebook.wait_for_kernel("explorer._lifeline.settings['limit'] == 100")
    notebook.wait_for_kernel("explorer._lifeline.settings['time_from'] == '2026-03-06'")
    notebook.restart_kernel()
    page.get_by_role("alert").filter(has_text="Run this cell again").wait_for()
    notebook.run_first_cell()
    page.get_by_text("was written by hand").wait_for()
    notebook.expect(page.get_by_label("From", exact=True)).to_have_value("2026-03-06")
    notebook.expect(page.get_by_label("Limit", exact=True)).to_have_value("100 rows")
    notebook.expect(sql).to_have_value(SLOW)

    # The table goes meanwhile.
    notebook.use_kernel(
        f"from toolkit import Athena\nwith Athena() as athena: athena.execute('DROP TABLE {orders}.orders')"
    )
    page.get_by_role("button", name="Back to the form").click()
    page.get_by_role("button", name="Run", exact=True).click()
    notebook.told(re.compile("^✗.*it may have been dropped meanwhile"))
    notebook.expect(page.get_by_label("From", exact=True)).to_have_value("2026-03-06")
    notebook.check_access(".toolkit-app")
    notebook.check()
