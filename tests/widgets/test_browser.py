"""The table creator in JupyterLab, used as an analyst uses it, in headless Chromium."""

import re

import pytest

from toolkit import aws, sample_events
from toolkit.athena.catalog import Catalog

pytestmark = pytest.mark.timeout(400)
# Without an answer of the page a click would wait for an hour.
PAGE_MUST_ANSWER = "from toolkit.widgets import controls; controls.SECONDS_TO_SETTLE = 3600"
# Holds the filling of a copy before its third day until somebody cancels, however quick it is.
HOLD = """
go_on = creator._stop_if_cancelled
def held(what, sql=""):
    if "2026-03-03" in what:
        creator._cancelled.wait(300)
        del creator._stop_if_cancelled
    go_on(what, sql)
creator._stop_if_cancelled = held
"""


def created(name):
    return re.compile(rf"{name} is created: 13 columns, partitioned by dt")


def test_an_analyst_creates_tables_with_the_mouse_and_with_the_keyboard(open_notebook, bucket, unique):
    notebook = open_notebook("02-create-tables")
    page = notebook.page

    mouse, keys = f"by_mouse_{unique}", f"by_keyboard_{unique}"
    # The main one; those of the tab "Next" are no part of the page while it is shut.
    button = page.get_by_role("button", name=re.compile("^(Create|Cancel)$"))
    table, location = (page.get_by_label(label, exact=True) for label in ("Table", "Location"))
    notebook.use_kernel(PAGE_MUST_ANSWER)
    table.fill(mouse)
    page.locator(".toolkit-app pre").filter(has_text=f"`{mouse}`", visible=True).wait_for()
    notebook.expect(location).to_have_value(re.compile(f"/{mouse}/$"))
    place = location.input_value()
    button.click()
    notebook.told(created(mouse))
    # The focus stays where the work is.
    notebook.expect(button).to_be_focused()

    # From the field to the button with nothing but Tab.
    table.fill("")
    page.keyboard.type(keys)
    notebook.expect(location).to_have_value(re.compile(f"/{keys}/$"))
    for label in ("Location", "Partition keys", "Projection", "Path template", "Format"):
        page.keyboard.press("Tab")
        notebook.expect(page.get_by_label(label, exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    notebook.expect(button).to_be_focused()
    page.keyboard.press("Enter")
    notebook.told(created(keys))

    assert {mouse, keys} <= set(Catalog().tables("toolkit_notebooks"))
    table.fill("no name")
    page.get_by_role("listitem").filter(
        has_text="table name 'no name': expected letters a to z, digits and _ only"
    ).wait_for()

    # A copy is filled day by day, and a cancel ends that between two days.
    for day in range(1, 8):
        aws.call("s3", "put_object", Bucket=bucket, Key=f"days/dt=2026-03-0{day}/a.json", Body=next(sample_events(1)))
    table.fill("days")
    # The location follows the name; who types there before sees it change.
    notebook.expect(location).to_have_value(re.compile("/days/$"))
    location.fill(f"s3://{bucket}/days/")
    page.get_by_label("Database", exact=True).fill(f"days_{unique}")
    button.click()
    notebook.told(created("days"))
    notebook.use_kernel(HOLD)
    notebook.press_tabs("Statement", "Checks", "Losses", "Difference", "Next", "Python")
    page.get_by_role("tab", name="Next").click()
    page.get_by_role("button", name="Fill curated copy").click()
    notebook.told("Partition 3 of 7")
    # While something runs each button of the app stops it.
    page.get_by_role("button", name="Cancel", exact=True).last.click()
    notebook.told(re.compile("cancelled before partition 2026-03-03 .* start again to go on"))
    page.get_by_role("button", name="Fill curated copy").click()
    notebook.told(re.compile(r"days_curated is filled: 5 rows in 5 of 7"))

    # The table that is there has become the newer version's, and the older one would take something away.
    page.get_by_label("Database", exact=True).fill("toolkit_notebooks")
    table.fill(mouse)
    notebook.expect(location).to_have_value(f"s3://{bucket}/{mouse}/")
    location.fill(place)
    page.get_by_label("Version", exact=True).select_option("1")
    page.get_by_role("tab", name="Difference").click()
    page.get_by_text("Takes away, and does not put back").wait_for()
    change = page.get_by_role("button", name="Change table")
    change.click()
    notebook.told("allow that first")
    page.get_by_label("Allow what takes something away").check()
    change.click()
    notebook.told(f"{mouse} is changed, in 3 statements")
    assert Catalog().table("toolkit_notebooks", mouse).column("channel") is None
    for theme, tab in (
        ("light", "Losses"),
        ("light", "Checks"),
        ("dark", "Difference"),
        ("light", "Next"),
        ("dark", "Statement"),
    ):
        notebook.use_theme(theme)
        page.get_by_role("tab", name=tab).click()
        notebook.show_app()
        notebook.screenshot(f"table-creator-{tab.lower()}-{theme}")
        notebook.check_access(".toolkit-app")
    notebook.check()
