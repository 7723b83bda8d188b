"""
JupyterLab in headless Chromium, for tests that work as an analyst does.

    def test_an_app(open_notebook):
        notebook = open_notebook("02-create-tables")     # copied, opened, every cell run
        notebook.page.get_by_label("Table", exact=True).fill("orders")
        notebook.use_theme("dark")
        notebook.check_access()                          # axe
        notebook.screenshot("table-creator-dark")        # build/screenshots
        notebook.check()                                 # no failed cell, no error in the console, no other host

Without Playwright or Chromium these tests skip and say what to install.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = ROOT / "notebooks"
SCREENSHOTS = ROOT / "build" / "screenshots"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
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
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
SERIOUS = ("serious", "critical")
# One host and nothing else: whatever a page loads comes from the machine it runs on.
OWN_HOST = "127.0.0.1"

# The indicator says idle before the kernel is there at all; what was run then would be lost.
CONNECTED = """() => {
    const kernel = window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel;
    return kernel?.connectionStatus === 'connected' && kernel.status === 'idle';
}"""
PAINTED = "theme => document.body.dataset.jpThemeName === theme"
# What a kernel prints for some code, from the messages themselves: cells are drawn later than their code ends.
ASK = """async code => {
    const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    const future = kernel.requestExecute({ code, store_history: false });
    let said = '';
    future.onIOPub = ({ content, header }) => {
        if (header.msg_type === 'stream') said += content.text;
        if (header.msg_type === 'error') said += content.traceback.join('\\n');
    };
    const { content } = await future.done;
    if (content.status !== 'ok') throw new Error(said);
    return said;
}"""
# How long a machine with other things to do may take for anything at all.
PATIENCE_MS = 90_000


def free_port():
    with socket.socket() as free:
        free.bind((OWN_HOST, 0))
        return free.getsockname()[1]


class Server:
    """A Jupyter server, or Voilà, of its own: private settings, and kernels that reach the local platform."""

    def __init__(self, module, folder, environment, options):
        self.folder = folder
        self.url = f"http://{OWN_HOST}:{free_port()}"
        private = {
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
            "IPYTHONDIR": "ipython",
        }
        self.log = (folder / "log").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", module, "--no-browser", *(option.format(port=self.port) for option in options)],
            env={
                **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
                **environment,
                **{name: str(folder / value) for name, value in private.items()},
                # Where Voilà finds our template, also where the toolkit was not installed since it is there.
                "JUPYTER_PATH": str(ROOT / "toolkit" / "widgets" / "jupyter"),
            },
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
        )

    @property
    def port(self):
        return self.url.rpartition(":")[2]

    def get(self, path, method="GET"):
        with urllib.request.urlopen(urllib.request.Request(self.url + path, method=method), timeout=20) as response:
            return response.read()

    def wait(self, path):
        deadline = time.monotonic() + 120
        while True:
            try:
                return self.get(path)
            except urllib.error.HTTPError as error:
                return error.read()  # it answers
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                assert self.process.poll() is None, (self.folder / "log").read_text()
                assert time.monotonic() < deadline, (self.folder / "log").read_text()
                time.sleep(0.2)

    def stop_kernels(self):
        for session in json.loads(self.get("/api/sessions")):
            self.get(f"/api/sessions/{session['id']}", "DELETE")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


class Page:
    """A page, and what the browser had to complain of."""

    def __init__(self, context):
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.complaints, self.hosts = [], set()
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._asked)

    def _said(self, message):
        if message.type == "error":
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")

    def _asked(self, request):
        if request.url.startswith(("http", "ws")):
            self.hosts.add(request.url.split("/")[2].partition(":")[0])

    def screenshot(self, name, locator=None):
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        (locator or self.page).screenshot(path=SCREENSHOTS / f"{name}.png")

    @staticmethod
    def expect(locator):
        """Return Playwright's assertions about *locator*, which wait until they hold."""
        from playwright.sync_api import expect

        return expect(locator)

    def told(self, text):
        """Wait until the status of an app's work says *text*; each app has one."""
        from playwright.sync_api import TimeoutError as NotSeen

        try:
            self.page.locator(".toolkit-told [role=status]").filter(has_text=text).wait_for()
        except NotSeen:
            said = self.page.locator(".toolkit-told, .toolkit-app li").all_inner_texts()
            fields = self.page.locator(".toolkit-app input[type=text]").evaluate_all("all => all.map(one => one.value)")
            raise AssertionError(f"expected to be told {text!r}, found {said} with the fields {fields}") from None

    def download(self, name):
        """Click the app's button *name* once there is something to hand over, and return what the browser got."""
        button = self.page.get_by_role("button", name=name, exact=True)
        self.expect(button).to_have_attribute("aria-disabled", "false")
        with self.page.expect_download() as download:
            button.click()
        return download.value

    def press_tabs(self, *names):
        """Open the app's tabs *names* one after the other with the arrow keys alone, from the first; each shows its own page."""
        self.page.get_by_role("tab", name=names[0], exact=True).focus()
        for number, name in enumerate(names):
            tab = self.page.get_by_role("tab", name=name, exact=True)
            self.page.keyboard.press("ArrowRight" if number else "Home")
            self.expect(tab).to_be_focused()
            self.page.keyboard.press("Enter")
            self.expect(tab).to_have_attribute("aria-selected", "true")

    def check_access(self, selector=".jp-OutputArea-output", *, but=()):
        """Let axe look at what *selector* selects; nothing that it calls serious may be there, rules of the names *but* aside."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page, context=selector).response["violations"]
        told = [
            f"{fault['id']}: {node['html'][:300]} {node.get('failureSummary', '')}"
            for fault in found
            if fault["impact"] in SERIOUS and fault["id"] not in but
            for node in fault["nodes"]
        ]
        assert not told, "\n".join(told)

    def check(self):
        """Assert what holds of every page: no error in the console, no request to another host."""
        assert self.complaints == []
        assert self.hosts == {OWN_HOST}


class Notebook(Page):
    """A notebook open in JupyterLab, every cell run."""

    def __init__(self, context, url, name):
        super().__init__(context)
        self.page.goto(f"{url}/lab/tree/{name}.ipynb?reset")
        self.page.locator(".jp-CodeCell").first.wait_for()
        self.page.wait_for_function(CONNECTED)

    def run(self, command):
        """Run a command of JupyterLab to its end, such as ``notebook:run-all-cells``."""
        self.page.evaluate("command => window.jupyterapp.commands.execute(command)", command)

    def run_all_cells(self):
        self.run("editmenu:clear-all")
        self.run("notebook:run-all-cells")
        prompts = self.page.locator(".jp-CodeCell .jp-InputPrompt")
        self.expect(prompts.filter(has_text=re.compile(r"\d"))).to_have_count(prompts.count())

    def use_theme(self, theme):
        self.page.evaluate(
            "theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", THEMES[theme]
        )
        self.page.wait_for_function(PAINTED, arg=THEMES[theme])

    def use_kernel(self, code):
        """Run *code* in the notebook's kernel, apart from its cells, and return what it prints."""
        return self.page.evaluate(ASK, code)

    def wait_for_kernel(self, expression):
        """Wait until the Python *expression* is true in the kernel: what is typed gets there by a way of its own."""
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while self.use_kernel(f"print(bool({expression}))").strip() != "True":
            assert time.monotonic() < deadline, self.use_kernel(f"print({expression})")
            self.page.wait_for_timeout(100)

    def show_app(self):
        """Scroll to the top of the app."""
        self.page.locator(".toolkit-app").first.evaluate("app => app.scrollIntoView({ block: 'start' })")

    def restart_kernel(self):
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
        self.page.wait_for_function(CONNECTED)

    def run_first_cell(self):
        self.page.evaluate("() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 0 }")
        self.run("notebook:run-cell")

    def check(self):
        """Assert what holds of every page, and that no cell failed."""
        failed = self.page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.error']")
        assert failed.all_inner_texts() == []
        super().check()


@pytest.fixture(autouse=True)
def _looking_ends(monkeypatch):
    """An app looks things up in a thread: let that end before the environment of the test does."""
    yield
    for thread in threading.enumerate():
        if thread.name.removesuffix("-look") in ("EventValidator", "Explorer", "TableCreator"):
            thread.join(60)


@pytest.fixture(scope="session")
def browser():
    sync_api = pytest.importorskip(
        "playwright.sync_api", reason="needs a browser's driver: pip install --editable '.[browser]'"
    )
    chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_api.sync_playwright() as playwright:
        # One that `playwright install` brought does as well.
        if chromium is None and not Path(playwright.chromium.executable_path).exists():
            pytest.skip("needs Chromium: apt-get install chromium, or playwright install chromium")
        sync_api.expect.set_options(timeout=PATIENCE_MS)
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS, timeout=PATIENCE_MS)
        yield browser
        browser.close()


def start_lab(folder, environment):
    """Start JupyterLab over ``notebooks`` in *folder*, and return its server once it answers."""
    (folder / "notebooks").mkdir(exist_ok=True)
    for name, values in SETTINGS.items():
        path = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))
    server = Server(
        "jupyterlab",
        folder,
        environment,
        [
            "--allow-root",
            f"--ServerApp.ip={OWN_HOST}",
            "--ServerApp.port={port}",
            "--ServerApp.port_retries=0",
            f"--ServerApp.root_dir={folder / 'notebooks'}",
            "--IdentityProvider.token=",
            "--ServerApp.disable_check_xsrf=True",
            "--LabApp.expose_app_in_browser=True",
        ],
    )
    try:
        server.wait("/api")
    except BaseException:
        server.stop()
        raise
    return server


@pytest.fixture(scope="session")
def lab(browser, launched_platform, tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(NOTEBOOKS, folder / "notebooks")
    server = start_lab(folder, launched_platform.environment)
    yield server
    server.stop()


@pytest.fixture
def new_context(browser):
    """Make a browser's context, closed when the test ends."""
    contexts = []

    def new(**options):
        contexts.append(browser.new_context(viewport={"width": 1400, "height": 1000}, **options))
        return contexts[-1]

    yield new
    for context in contexts:
        context.close()


@pytest.fixture
def new_page(new_context):
    """Open an empty page."""
    return lambda: Page(new_context())


@pytest.fixture
def open_notebook(lab, new_context):
    """Open one of our notebooks, or one whose cells are given, and run it; its kernel ends with the test."""

    def open_one(name, *sources, theme="light"):
        path = lab.folder / "notebooks" / f"{name}.ipynb"
        if sources:
            write_notebook(path, sources)
        notebook = Notebook(new_context(), lab.url, name)
        notebook.use_theme(theme)
        notebook.run_all_cells()
        return notebook

    yield open_one
    lab.stop_kernels()


def write_notebook(path, sources):
    import nbformat
    from nbformat.v4 import new_code_cell, new_notebook

    cells = [new_code_cell(source, id=f"cell-{number}") for number, source in enumerate(sources)]
    nbformat.write(
        new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}), path
    )


@pytest.fixture
def voila(browser, launched_platform, tmp_path):
    """Start Voilà for a notebook whose cells are given, and return its server."""
    pytest.importorskip("voila", reason="needs Voilà: pip install --editable '.[browser]'")
    servers = []

    def start(*sources):
        write_notebook(tmp_path / "app.ipynb", sources)
        servers.append(
            Server(
                "voila",
                tmp_path,
                launched_platform.environment,
                [
                    str(tmp_path / "app.ipynb"),
                    "--template=toolkit",
                    "--port={port}",
                    f"--Voila.ip={OWN_HOST}",
                    "--show_tracebacks=True",
                ],
            )
        )
        servers[-1].wait("/static/")
        return servers[-1]

    yield start
    for server in servers:
        server.stop()
