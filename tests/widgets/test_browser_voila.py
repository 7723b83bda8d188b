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
    opened = new_page()
    page = opened.page
    page.goto(f"{voila(*(source.replace('{database}', database) for source in APPS)).url}/")

    page.get_by_role("tab", name="Paste", exact=True).click()
    page.get_by_label("JSON", exact=True).fill("{}")
    page.get_by_role("button", name="Validate", exact=True).click()
    opened.told("1 event in")

    page.get_by_label("Location", exact=True).fill(f"s3://{bucket}/voila/")
    # The explorer has a field of that name too, which is no text.
    page.get_by_role("textbox", name="Table", exact=True).fill(f"voila_{database}")
    page.get_by_role("button", name="Create", exact=True).click()
    opened.told(re.compile("voila_.* is created: 13 columns"))

    page.get_by_label("From", exact=True).scroll_into_view_if_needed()
    page.get_by_role("button", name="Run", exact=True).click()
    opened.told("30 rows; succeeded")
    page.locator(".toolkit-app .dt-container").wait_for()
    page.get_by_role("tab", name="Plot", exact=True).click()
    page.locator(".toolkit-app div[role=img] > svg").wait_for()
    opened.screenshot("apps-voila")
    opened.check()
