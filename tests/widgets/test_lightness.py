"""Showing an app loads nothing that it needs only once somebody clicks: the first app is to be there within two seconds."""

import subprocess
import sys

import pytest

HEAVY = {
    "altair",
    "boto3",
    "botocore",
    "duckdb",
    "itables",
    "matplotlib",
    "numpy",
    "pandas",
    "pyarrow",
    "pyathena",
    "sqlglot",
}


@pytest.mark.parametrize(
    "app", ["EventValidator(schema='order_placed')", "TableCreator(schema='order_placed')", "Explorer('shop.orders')"]
)
def test_an_app_is_shown_without_a_heavy_library(app):
    name = app.partition("(")[0]
    code = f"""
import sys
from toolkit.widgets import {name}
{name}._look_soon = lambda self, **_: None  # what asks AWS in a thread of its own once the app is there
bundle = {app}._repr_mimebundle_()
assert "application/vnd.jupyter.widget-view+json" in bundle, list(bundle)
print(sorted({HEAVY!r} & set(sys.modules)))
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (run.stdout.strip(), run.stderr) == ("[]", "")
