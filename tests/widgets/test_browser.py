"""The table creator in JupyterLab, used as an analyst uses it, in headless Chromium."""

import re

import pytest

from toolkit import aws, sample_events
from toolkit.athena.catalog import Catalog

pytestmark = pytest.mark.timeout(300)


def created(name):
    return re.compile(rf"{name} is created: 13 columns, partitioned by dt")


def test_an_analyst_creates_tables_with_the_mouse_and_with_the_keyboard(open_notebook, bucket, unique):
    notebook = open_notebook("02-create-tables")
    page = notebook.page

    mouse, keys = f"by_mouse_{unique}", f"by_keyboard_{unique}"
    button = page.get_by_role("button", name=re.compile("^(Create|Cancel)$"))
    status = page.locator(".jp-Cell [role=status]")
    page.get_by_label("Table", exact=True).fill(mouse)
    page.wait_for_function(
        f"() => document.querySelector('.jp-Cell pre')?.closest('body').innerText.includes('{mouse}')"
    )
    location = page.get_by_label("Location", exact=True).input_value()
    button.click()
    status.filter(has_text=created(mouse)).wait_for(timeout=30_000)
    assert button.evaluate("button => button === document.activeElement"), "the focus stays where the work is"

    # From the field to the button with nothing but Tab.
    page.get_by_label("Table", exact=True).fill("")
    page.keyboard.type(keys)
    for label in ("Location", "Partition keys", "Projection", "Path template", "Format"):
        page.keyboard.press("Tab")
        assert page.get_by_label(label, exact=True).evaluate("field => field === document.activeElement")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    status.filter(has_text=created(keys)).wait_for(timeout=30_000)

    assert {mouse, keys} <= set(Catalog().tables("toolkit_notebooks"))
    page.get_by_label("Table", exact=True).fill("no name")
    page.get_by_text("table name 'no name': expected letters a to z, digits and _ only").first.wait_for()

    # A copy is filled day by day, and a cancel ends that between two days.
    for day in range(1, 8):
        aws.call("s3", "put_object", Bucket=bucket, Key=f"days/dt=2026-03-0{day}/a.json", Body=next(sample_events(1)))
    page.get_by_label("Table", exact=True).fill("days")
    page.get_by_label("Location", exact=True).fill(f"s3://{bucket}/days/")
    page.get_by_label("Database", exact=True).fill(f"days_{unique}")
    button.click()
    status.filter(has_text=created("days")).wait_for(timeout=30_000)
    notebook.press_tabs("Statement", "Checks", "Losses", "Difference", "Next", "Python")
    page.get_by_role("tab", name="Next").click()
    page.get_by_role("button", name="Fill curated copy").click()
    status.filter(has_text=re.compile("Partition [2-7] of 7")).wait_for(timeout=60_000)
    page.get_by_role("button", name="Cancel").last.click()
    status.filter(has_text=re.compile("cancelled before partition .* start again to go on")).wait_for(timeout=60_000)
    page.get_by_role("button", name="Fill curated copy").click()
    status.filter(has_text=re.compile(r"days_curated is filled: \d rows in [1-6] of 7")).wait_for(timeout=60_000)

    # The table that is there has become the newer version's, and the older one would take something away.
    page.get_by_label("Database", exact=True).fill("toolkit_notebooks")
    page.get_by_label("Table", exact=True).fill(mouse)
    page.get_by_label("Location", exact=True).fill(location)
    page.get_by_label("Version", exact=True).select_option("1")
    page.get_by_role("tab", name="Difference").click()
    page.get_by_text("Takes away, and does not put back").wait_for(timeout=30_000)
    change = page.get_by_role("button", name="Change table")
    change.click()
    status.filter(has_text="allow that first").wait_for(timeout=30_000)
    page.get_by_label("Allow what takes something away").check()
    change.click()
    status.filter(has_text=f"{mouse} is changed, in 3 statements").wait_for(timeout=60_000)
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
