"""
Data of others that some tests read; where a folder is absent, these skip.

`docs/code.md` tells where they come from. They are looked for in ``TOOLKIT_TEST_DATA``, else beside the project.
"""

import os
from pathlib import Path

_FOLDER = Path(os.environ.get("TOOLKIT_TEST_DATA") or Path(__file__).parents[3] / "shared" / "data")
SUITE = _FOLDER / "json-schema-test-suite"
WEBHOOKS = _FOLDER / "github-webhooks"
ABSENT = "its data are not in TOOLKIT_TEST_DATA; docs/code.md tells where they come from"
