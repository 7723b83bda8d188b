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
    status = page.locator(".jp-Cell [role=status]")
    page.get_by_text("Before the run: reads").wait_for(timeout=30_000)

    page.get_by_label("Find a column").fill("tier")
    page.get_by_role("checkbox", name=re.compile("^tier")).check()
    page.get_by_label("Find a column").fill("amount")
    page.get_by_role("checkbox", name=re.compile("^amount")).last.check()
    page.get_by_label("Find a column").fill("channel")
    page.get_by_role("checkbox", name=re.compile("^channel")).check()
    page.get_by_label("From", exact=True).fill("2026-03-06")
    page.get_by_role("button", name="Add filter").click()
    page.get_by_label("Filter 1: column").select_option("channel")
    page.get_by_label("Filter 1: value").fill("web")
    page.get_by_text("3 of 7 partitions").wait_for(timeout=20_000)
    assert "\"channel\" = 'web'" in sql.input_value()
    assert page.get_by_label("Filter 1: value").input_value() == "web"
    page.get_by_role("button", name="Run", exact=True).click()
    status.filter(has_text=re.compile(r"\d+ rows; succeeded")).wait_for(timeout=60_000)
    page.locator(".dt-container, table.dataTable").first.wait_for(timeout=20_000)
    for theme in ("light", "dark"):
        notebook.use_theme(theme)
        notebook.screenshot(f"explorer-rows-{theme}")

    page.get_by_role("tab", name="Plot").click()
    page.get_by_role("button", name="Draw").click()
    page.locator("[role=img] svg").first.wait_for(timeout=30_000)
    notebook.screenshot("explorer-plot-dark")
    notebook.check_access()
    page.get_by_role("tab", name="Profile").click()
    page.get_by_role("button", name="Profile all rows").click()
    page.get_by_text("rows profiled").wait_for(timeout=30_000)
    notebook.screenshot("explorer-profile-dark")
    notebook.check_access()

    # With the keyboard alone: write a query, run it with Ctrl-Enter, and go on with Tab.
    sql.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("SELECT channel,\n nothing FROM orders")
    page.keyboard.press("Control+Enter")
    page.get_by_text("> 2 |  nothing FROM orders").wait_for(timeout=30_000)
    page.keyboard.press("Control+a")
    page.keyboard.type("SELECT channel, count(*) AS orders FROM orders GROUP BY 1")
    page.keyboard.press("Tab")
    page.get_by_text("was written by hand").wait_for()
    run = page.get_by_role("button", name=re.compile("^(Run|Cancel)$"))
    assert run.evaluate("button => button === document.activeElement")
    page.keyboard.press("Enter")
    status.filter(has_text="4 rows; succeeded").wait_for(timeout=30_000)
    assert run.evaluate("button => button === document.activeElement"), "the focus stays where the work is"
    assert notebook.use_kernel("print(len(explorer.frame), explorer.filters[0].value)").strip() == "4 web"
    notebook.check()
