"""The validator app in JupyterLab and in Voilà, used as an analyst uses it, in headless Chromium."""

import json
import re

import pytest

from toolkit.samples import sample_events

pytestmark = pytest.mark.timeout(400)
APP = "from toolkit.widgets import EventValidator\napp = EventValidator(schema='order_placed')\napp"
MEGABYTES = 30


@pytest.fixture(scope="module")
def large_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("dropped") / "orders.ndjson"
    block = b"\n".join(sample_events(2_000)) + b"\n"
    path.write_bytes(block * (MEGABYTES * 1_000_000 // len(block) + 1))
    return path


def test_an_analyst_finds_out_what_is_wrong_with_a_large_file(open_notebook, large_file):
    notebook = open_notebook("validator-app", APP)
    page = notebook.page
    status = page.locator(".jp-Cell [role=status]")
    page.locator("input[type=file]").set_input_files(large_file)
    status.filter(has_text=re.compile(r"orders\.ndjson: 3\d\.\d MB arrived")).wait_for(timeout=60_000)

    # With the keyboard alone: from the choice of files on to the button.
    page.locator("input[type=file]").focus()
    page.keyboard.press("Tab")
    button = page.get_by_role("button", name=re.compile("^(Validate|Cancel)$"))
    assert button.evaluate("button => button === document.activeElement")
    page.keyboard.press("Enter")
    status.filter(has_text="start again").or_(status.filter(has_text="accepted")).first.wait_for(timeout=90_000)
    status.filter(has_text=re.compile("events in .* accepted")).wait_for(timeout=90_000)
    assert button.evaluate("button => button === document.activeElement"), "the focus stays where the work is"

    page.get_by_text(re.compile("^line ")).first.click()
    assert page.locator("mark").first.is_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download refused lines").click()
    assert download.value.suggested_filename == "order_placed-refused.ndjson"
    lines = download.value.path().read_bytes().splitlines()
    assert len(lines) == int(notebook.use_kernel("print(app.validation.report.invalid)"))
    assert json.loads(lines[0])["reasons"]
    with page.expect_download() as download:
        page.get_by_role("button", name="Download report").click()
    assert json.loads(download.value.path().read_text())["schema"] == "order_placed"

    for theme in ("light", "dark"):
        notebook.use_theme(theme)
        notebook.show_app()
        notebook.screenshot(f"validator-{theme}")
        notebook.check_access(".toolkit-app")
    notebook.check()


def test_a_cancel_and_a_paste_and_python_to_take_along(open_notebook, large_file):
    notebook = open_notebook("validator-app", APP, theme="dark")
    page = notebook.page
    status = page.locator(".jp-Cell [role=status]")
    notebook.use_kernel(f"app.source = {str(large_file)!r}")
    page.get_by_role("button", name="Validate", exact=True).click()
    page.get_by_role("button", name="Cancel").click()
    status.filter(has_text="start again").wait_for(timeout=60_000)

    notebook.press_tabs("Files", "Path or S3", "Paste")
    page.get_by_label("JSON", exact=True).fill('{"event_id": "<img src=x>", "order_id": "12"}')
    page.get_by_role("button", name="Validate", exact=True).click()
    status.filter(has_text="1 event in").wait_for(timeout=60_000)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy as Python").click()
    page.get_by_text("Copied").wait_for()
    assert "compile_schema" in page.evaluate("navigator.clipboard.readText()")
    notebook.screenshot("validator-paste-dark")

    # The kernel goes, and what stood in the form comes back with it.
    notebook.restart_kernel()
    page.get_by_role("alert").filter(has_text="Run this cell again").wait_for(timeout=60_000)
    notebook.run_first_cell()
    page.get_by_label("JSON", exact=True).wait_for(timeout=60_000)
    assert page.get_by_label("JSON", exact=True).input_value().startswith('{"event_id"')
    notebook.check()
