"""The notebook with the table creator in JupyterLab, used as an analyst uses it, in headless Chromium."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from toolkit.athena.catalog import Catalog

sync_api = pytest.importorskip("playwright.sync_api", reason="needs Playwright for Python (pip install playwright)")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (apt-get install chromium)"),
    pytest.mark.timeout(240),
]

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {"windowingMode": "none"},
}
KERNEL_WAITS = "() => document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status === 'idle'"
PROMPTS = "[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map(prompt => prompt.textContent)"
EVERY_CELL_CLEARED = f"() => {PROMPTS}.every(text => text === '[ ]:')"
EVERY_CELL_RAN = f"() => {PROMPTS}.every(text => /\\d/.test(text))"


class Lab:
    """A JupyterLab of its own: a copy of the notebooks, private settings, kernels that reach the local platform."""

    def __init__(self, folder, environment):
        self.folder = folder
        shutil.copytree(NOTEBOOKS, folder / "notebooks")
        for name, values in SETTINGS.items():
            self.set(name, values)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{free.getsockname()[1]}"
        private = {
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
            "IPYTHONDIR": "ipython",
        }
        options = {
            "ServerApp.ip": "127.0.0.1",
            "ServerApp.port": self.url.rpartition(":")[2],
            "ServerApp.port_retries": "0",
            "ServerApp.root_dir": folder / "notebooks",
            "IdentityProvider.token": "",
        }
        self.log = (folder / "log").open("wb")
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
                *(f"--{name}={value}" for name, value in options.items()),
            ],
            env={
                **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
                **environment,
                **{name: str(folder / value) for name, value in private.items()},
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self.log,
        )

    def set(self, name, values):
        path = self.folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))

    def wait(self):
        deadline = time.monotonic() + 90
        while True:
            try:
                with urllib.request.urlopen(f"{self.url}/api", timeout=5):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                assert self.process.poll() is None, (self.folder / "log").read_text()
                assert time.monotonic() < deadline, (self.folder / "log").read_text()
                time.sleep(0.2)

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


@pytest.fixture(scope="module")
def lab(launched_platform, tmp_path_factory):
    lab = Lab(tmp_path_factory.mktemp("lab"), launched_platform.environment)
    try:
        lab.wait()
        yield lab
    finally:
        lab.stop()


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=["JupyterLab Light", "JupyterLab Dark"])
def page(request, lab, browser):
    """The notebook after all its cells ran, and what the browser had to complain of."""
    lab.set("apputils-extension/themes", {"theme": request.param})
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    page = context.new_page()
    page.complaints, page.hosts = [], set()
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("request", lambda asked: page.hosts.add(asked.url.split("/")[2]) if asked.url.startswith("http") else None)
    page.goto(f"{lab.url}/lab/tree/02-create-tables.ipynb?reset")
    page.get_by_role("link", name="what do a week").wait_for(timeout=60_000)  # the last cell
    page.wait_for_function(KERNEL_WAITS, timeout=60_000)
    for menu, entry, then in (
        ("Edit", "Clear Outputs of All Cells", EVERY_CELL_CLEARED),
        ("Run", "Run All Cells", EVERY_CELL_RAN),
    ):
        page.get_by_role("menuitem", name=menu, exact=True).click()
        page.get_by_role("menuitem", name=entry, exact=True).click()
        page.wait_for_function(then, timeout=90_000)
    yield page
    context.close()


def created(name):
    return re.compile(rf"{name} is created: 13 columns, partitioned by dt")


def contrast(page, locator):
    """Return the contrast ratio of an element's text as WCAG 2 defines it."""
    colours = locator.evaluate(
        """element => {
            let ground = element;
            while (ground && /, 0\\)|transparent/.test(getComputedStyle(ground).backgroundColor)) ground = ground.parentElement;
            return [getComputedStyle(element).color, getComputedStyle(ground).backgroundColor];
        }"""
    )
    bright, dark = sorted((luminance(re.findall(r"[\d.]+", colour)[:3]) for colour in colours), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour):
    parts = [int(float(part)) / 255 for part in colour]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_an_analyst_creates_tables_with_the_mouse_and_with_the_keyboard(page, platform, unique, tmp_path):
    assert page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.error']").count() == 0

    mouse, keys = f"by_mouse_{unique}", f"by_keyboard_{unique}"
    button = page.get_by_role("button", name=re.compile("^(Create|Cancel)$"))
    status = page.locator(".jp-Cell [role=status]")
    page.get_by_label("Table", exact=True).fill(mouse)
    page.wait_for_function(
        f"() => document.querySelector('.jp-Cell pre')?.closest('body').innerText.includes('{mouse}')"
    )
    button.click()
    status.filter(has_text=created(mouse)).wait_for(timeout=30_000)
    assert button.evaluate("button => button === document.activeElement"), "the focus stays where the work is"

    # From the field to the button with nothing but Tab.
    page.get_by_label("Table", exact=True).fill("")
    page.keyboard.type(keys)
    for label in ("Location", "Partition keys", "Project from"):
        page.keyboard.press("Tab")
        assert page.get_by_label(label, exact=True).evaluate("field => field === document.activeElement")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    status.filter(has_text=created(keys)).wait_for(timeout=30_000)

    assert {mouse, keys} <= set(Catalog().tables("toolkit_notebooks"))
    for text in (page.locator(".widget-html pre").first, status.first):
        assert contrast(page, text) >= 4.5
    page.screenshot(path=tmp_path / "table-creator.png")

    page.get_by_label("Table", exact=True).fill("no name")
    page.get_by_text("table name 'no name': expected letters a to z, digits and _ only").first.wait_for()

    assert page.complaints == []
    assert {host.partition(":")[0] for host in page.hosts} == {"127.0.0.1"}
