"""
How long does an analyst wait for `import toolkit`, and for the first app in a notebook?

The first is a fresh interpreter's. The second is measured in headless Chromium, from the command that runs the cell (import
included) to the frame in which the app's first control has a size, with a kernel that is idle and has imported nothing.
Needs the extra ``browser`` and Chromium.
"""

import argparse
import importlib.util
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from toolkit.local import launch

APPS = {
    "validator": ("from toolkit.widgets import EventValidator\nEventValidator(schema='order_placed')", "input"),
    "creator": ("from toolkit.widgets import TableCreator\nTableCreator(schema='order_placed')", "input"),
    "explorer": ("from toolkit.widgets import Explorer\nExplorer()", "select"),
}
SHOWN = """selector => new Promise(done => {
    const start = performance.now();
    const look = () => {
        const control = document.querySelector(selector);
        if (control && control.getBoundingClientRect().height > 0) done(performance.now() - start);
        else requestAnimationFrame(look);
    };
    window.jupyterapp.shell.currentWidget.content.activeCellIndex = 0;
    window.jupyterapp.commands.execute('notebook:run-cell');
    look();
})"""
IMPORT = "import time; start = time.perf_counter(); import toolkit; print(time.perf_counter() - start)"


def browser_support():
    """Return the module that the browser tests open JupyterLab with."""
    path = Path(__file__).parents[1] / "widgets" / "conftest.py"
    spec = importlib.util.spec_from_file_location("browser_support", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def import_seconds(runs):
    made = [subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, check=True) for _ in range(runs)]
    return [float(run.stdout) for run in made]


def app_seconds(support, browser, server, name, runs):
    source, selector = APPS[name]
    support.write_notebook(server.folder / "notebooks" / f"{name}.ipynb", [source])
    found = []
    for _ in range(runs):
        context = browser.new_context(viewport={"width": 1400, "height": 1000})
        notebook = support.Notebook(context, server.url, name)
        notebook.page.wait_for_timeout(1_500)
        found.append(notebook.page.evaluate(SHOWN, f".toolkit-app {selector}") / 1_000)
        context.close()
        server.stop_kernels()
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    from playwright.sync_api import sync_playwright

    support = browser_support()
    report = {"import toolkit": import_seconds(options.runs)}
    with tempfile.TemporaryDirectory() as folder, launch() as platform, sync_playwright() as playwright:
        server = support.start_lab(Path(folder), platform.environment)
        chromium = next(filter(None, map(shutil.which, support.BROWSERS)), None)
        browser = playwright.chromium.launch(executable_path=chromium, args=support.FLAGS)
        try:
            for name in APPS:
                report[name] = app_seconds(support, browser, server, name, options.runs)
        finally:
            browser.close()
            server.stop()
    for name, seconds in report.items():
        print(f"{name:16} median {statistics.median(seconds):.3f} s, worst {max(seconds):.3f} s")
    print(json.dumps(report))


if __name__ == "__main__":
    main()
