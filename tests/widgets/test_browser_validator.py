"""The validator app in JupyterLab and in Voilà, used as an analyst uses it, in headless Chromium."""

import json
import re

import pytest

from toolkit.samples import sample_events

pytestmark = pytest.mark.timeout(400)
APP = "from toolkit.widgets import EventValidator\napp = EventValidator(schema='order_placed')\napp"
MEGABYTES = 30
# Holds the run at its first report until somebody cancels, however quick it is.
HOLD = """
watcher = app._watcher
def held(*given):
    del app._watcher
    watch = watcher(*given)
    return lambda progress: (app._cancelled.wait(300), watch(progress))
app._watcher = held
"""


@pytest.fixture(scope="module")
def large_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("dropped") / "orders.ndjson"
    block = b"\n".join(sample_events(2_000)) + b"\n"
    path.write_bytes(block * (MEGABYTES * 1_000_000 // len(block) + 1))
    return path


def test_an_analyst_finds_out_what_is_wrong_with_a_large_file(open_notebook, large_file):
    notebook = open_notebook("validator-app", APP)
    page = notebook.page
    files = page.locator(".toolkit-drop input[type=file]")
    files.set_input_files(large_file)
    page.locator(".toolkit-drop [role=status]").filter(
        has_text=re.compile(r"orders\.ndjson: 3\d\.\d MB arrived")
    ).wait_for()

    # With the keyboard alone: from the choice of files on to the button.
    files.focus()
    page.keyboard.press("Tab")
    button = page.get_by_role("button", name=re.compile("^(Validate|Cancel)$"))
    notebook.expect(button).to_be_focused()
    page.keyboard.press("Enter")
    notebook.told(re.compile("events in .* accepted"))
    # The focus stays where the work is.
    notebook.expect(button).to_be_focused()

    page.locator(".toolkit-app summary").filter(has_text=re.compile("^line ")).first.click()
    notebook.expect(page.locator(".toolkit-app details[open] mark").first).to_be_visible()
    refused = notebook.download("Download refused lines")
    assert refused.suggested_filename == "order_placed-refused.ndjson"
    lines = refused.path().read_bytes().splitlines()
    assert len(lines) == int(notebook.use_kernel("print(app.validation.report.invalid)"))
    assert json.loads(lines[0])["reasons"]
    report = notebook.download("Download report")
    assert json.loads(report.path().read_text())["schema"] == "order_placed"

    for theme in ("light", "dark"):
        notebook.use_theme(theme)
        notebook.show_app()
        notebook.screenshot(f"validator-{theme}")
        notebook.check_access(".toolkit-app")
    notebook.check()


def test_a_cancel_and_a_paste_and_python_to_take_along(open_notebook, large_file):
    notebook = open_notebook("validator-app", APP, theme="dark")
    page = notebook.page
    notebook.use_kernel(f"{HOLD}app.source = {str(large_file)!r}")
    notebook.expect(page.get_by_label("Path or S3 URI", exact=True)).to_have_value(str(large_file))
    button = page.get_by_role("button", name=re.compile("^(Validate|Cancel)$"))
    button.click()
    notebook.expect(button).to_have_text("Cancel")
    button.click()
    notebook.told("start again")

    notebook.press_tabs("Files", "Path or S3", "Paste")
    text = page.get_by_label("JSON", exact=True)
    text.fill('{"event_id": "<img src=x>", "order_id": "12"}')
    button.click()
    notebook.told("1 event in")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy as Python").click()
    page.locator(".toolkit-said").filter(has_text="Copied").wait_for()
    assert "compile_schema" in page.evaluate("navigator.clipboard.readText()")
    notebook.screenshot("validator-paste-dark")

    # The kernel goes, and what stood in the form comes back with it.
    notebook.restart_kernel()
    page.get_by_role("alert").filter(has_text="Run this cell again").wait_for()
    notebook.run_first_cell()
    notebook.expect(text).to_have_value(re.compile(r'^\{"event_id"'))
    notebook.check()


@pytest.mark.slow
def test_two_apps_of_one_kind_get_back_each_its_own_form(open_notebook):
    cells = [
        f"from toolkit.widgets import EventValidator\n{name} = EventValidator()\n{name}" for name in ("one", "two")
    ]
    notebook = open_notebook("two-validators", *cells)
    sources = notebook.page.get_by_label("Path or S3 URI", exact=True)
    for number, name in enumerate(("one", "two")):
        sources.nth(number).fill(f"{name}.json")
        notebook.wait_for_kernel(f"{name}._lifeline.settings['source'] == '{name}.json'")
    notebook.restart_kernel()
    notebook.expect(notebook.page.get_by_role("alert").filter(has_text="Run this cell again")).to_have_count(2)
    notebook.run("notebook:run-all-cells")
    for number, name in enumerate(("one", "two")):
        notebook.expect(sources.nth(number)).to_have_value(f"{name}.json")
    notebook.check()


@pytest.mark.slow
def test_files_that_are_given_during_an_upload_take_its_place(open_notebook, large_file, tmp_path):
    notebook = open_notebook("validator-app", APP)
    small = tmp_path / "small.ndjson"
    small.write_bytes(b"{}\n{}\n")
    files = notebook.page.locator(".toolkit-drop input[type=file]")
    files.set_input_files(large_file)
    files.set_input_files(small)
    status = notebook.page.locator(".toolkit-drop [role=status]")
    status.filter(has_text=re.compile(r"small\.ndjson: .* arrived")).wait_for()
    notebook.page.get_by_role("button", name="Validate", exact=True).click()
    notebook.told("2 events in")
    notebook.check()
