"""The apps in Voilà with the toolkit's template, on one page, in headless Chromium: nothing is asked of another host."""

import re

import pytest

from toolkit.athena import Athena

pytestmark = pytest.mark.timeout(300)
APPS = (
    """from toolkit.widgets import EventValidator, Explorer, TableCreator
EventValidator(schema='order_placed')""",
    "TableCreator(schema='order_placed', table='in_voila')",
    "Explorer('{database}.t')",
)


def test_the_apps_work_in_voila(voila, new_page, bucket):
    database = bucket.replace("-", "_")
    with Athena() as athena:
        athena.execute(f"CREATE DATABASE {database}")
        athena.execute(f"CREATE VIEW {database}.t AS SELECT n, n % 3 AS m FROM UNNEST(sequence(1, 30)) AS a (n)")
    page = new_page()
    page.page.goto(f"{voila(*(source.replace('{database}', database) for source in APPS)).url}/")
    said = page.page.get_by_role("status")

    page.page.get_by_role("tab", name="Paste").click(timeout=90_000)
    page.page.get_by_label("JSON", exact=True).fill("{}")
    page.page.get_by_role("button", name="Validate", exact=True).click()
    said.filter(has_text="1 event in").wait_for(timeout=60_000)

    # The explorer has a field of that name too and may be drawn sooner: the location says that the creator is there.
    page.page.get_by_label("Location", exact=True).fill(f"s3://{bucket}/voila/")
    page.page.get_by_label("Table", exact=True).first.fill(f"voila_{database}")
    page.page.get_by_role("button", name="Create", exact=True).click()
    said.filter(has_text=re.compile("voila_.* is created: 13 columns")).wait_for(timeout=60_000)

    page.page.get_by_label("From", exact=True).scroll_into_view_if_needed()
    page.page.get_by_role("button", name="Run", exact=True).click()
    said.filter(has_text="30 rows; succeeded").wait_for(timeout=60_000)
    page.page.locator("table.dataTable").first.wait_for(timeout=30_000)
    page.page.get_by_role("tab", name="Plot").click()
    page.page.locator("[role=img] svg").first.wait_for(timeout=30_000)
    page.screenshot("apps-voila")
    page.check()
