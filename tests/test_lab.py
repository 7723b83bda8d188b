import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from toolkit.cli import main
from toolkit.lab import notebooks_folder


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def descendants(pid):
    found = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = dict(tuple(map(int, line.split())) for line in found.splitlines())
    family = {pid}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return family - {pid}


def answer(url):
    request = urllib.request.Request(url, headers={"Authorization": "token secret"})
    with urllib.request.urlopen(request, timeout=5) as response:
        return json.load(response)


@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_lab_runs_jupyter_and_the_platform_and_leaves_nothing_behind(tmp_path, number):
    port = free_port()
    options = [
        *("--ServerApp.token=secret", f"--ServerApp.port={port}", "--ServerApp.port_retries=0"),
        *("--allow-root", "--ServerApp.ip=127.0.0.1", f"--LabApp.workspaces_dir={tmp_path}"),
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "toolkit", "lab", "--no-browser", "--", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        env={**os.environ, "JUPYTER_CONFIG_DIR": str(tmp_path), "JUPYTER_RUNTIME_DIR": str(tmp_path)},
    )
    try:
        assert "The notebooks reach the local platform at http://127.0.0.1:" in process.stdout.readline()
        deadline = time.monotonic() + 90
        while True:
            try:
                names = {entry["name"] for entry in answer(f"http://127.0.0.1:{port}/api/contents")["content"]}
                break
            except OSError:  # not there yet, or too busy to answer
                assert process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.2)
        assert "01-validate-events.ipynb" in names
        family = descendants(process.pid)
        assert len(family) >= 2
        # A terminal sends Ctrl-C to the whole group, a service manager SIGTERM to the command alone.
        os.killpg(process.pid, number) if number == signal.SIGINT else process.send_signal(number)
        process.communicate(timeout=30)
        deadline = time.monotonic() + 15
        while any(Path(f"/proc/{pid}").exists() for pid in family) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not any(Path(f"/proc/{pid}").exists() for pid in family)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def test_a_checkout_works_in_its_own_notebooks():
    assert notebooks_folder() == Path(__file__).parent.parent / "notebooks"


def test_an_installed_package_works_in_a_copy_that_it_never_overwrites(tmp_path, monkeypatch):
    bundled = tmp_path / "site-packages" / "toolkit" / "bundled" / "notebooks"
    bundled.mkdir(parents=True)
    (bundled / "01-a.ipynb").write_text("new")
    (bundled / "02-b.ipynb").write_text("new")
    work = tmp_path / "work"
    (work / "notebooks").mkdir(parents=True)
    (work / "notebooks" / "02-b.ipynb").write_text("mine")
    monkeypatch.setattr("toolkit.lab.__file__", str(bundled.parents[1] / "lab.py"))
    monkeypatch.chdir(work)
    folder = notebooks_folder()
    assert {path.name: path.read_text() for path in folder.iterdir()} == {"01-a.ipynb": "new", "02-b.ipynb": "mine"}


def test_notebooks_refresh_runs_a_folder_on_a_platform_of_its_own(tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("AWS_PROFILE", "of-the-user")
    path = tmp_path / "a.ipynb"
    source = "import os\nprint('AWS_PROFILE' in os.environ, os.environ['AWS_ENDPOINT_URL'][:17])"
    nbformat.write(new_notebook(cells=[new_code_cell(source, id="one")]), path)
    assert main(["notebooks", "refresh", str(tmp_path)]) == 0
    # The kernel writes to the same terminal.
    assert capfd.readouterr() == (f"{path} has new outputs\n", "")
    assert nbformat.read(path, as_version=4).cells[0].outputs[0].text == "False http://127.0.0.1:\n"


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"cells": 3}', "\xff"])
def test_notebooks_refresh_names_what_is_no_notebook(tmp_path, capsys, text):
    path = tmp_path / "a.ipynb"
    path.write_bytes(text.encode("latin-1"))
    assert main(["notebooks", "refresh", str(tmp_path)]) == 2
    assert capsys.readouterr().err == (
        f"toolkit: {path}: expected a Jupyter notebook of version 4, found something else\n"
    )


def test_notebooks_refresh_says_where_it_found_no_notebook(tmp_path, capsys):
    assert main(["notebooks", "refresh", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"toolkit: {tmp_path}: expected a folder with notebooks, found none in it\n"
