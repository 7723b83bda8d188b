"""The metaschemas of every dialect, bundled as data so that none is ever fetched."""

from __future__ import annotations

import functools
import json
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_FILES = {
    "http://json-schema.org/draft-04/": "draft-04.json",
    "http://json-schema.org/draft-06/": "draft-06.json",
    "http://json-schema.org/draft-07/": "draft-07.json",
    "https://json-schema.org/draft/2019-09/": "draft2019-09.json",
    "https://json-schema.org/draft/2020-12/": "draft2020-12.json",
    "https://json-schema.org/v1": "v1.json",
}


@functools.cache
def bundled_documents(uri: str) -> tuple[tuple[str, Any], ...]:
    """Return the ``(uri, contents)`` pairs of the bundle that *uri* belongs to; none where it belongs to no bundle."""
    for prefix, name in _FILES.items():
        if uri.startswith(prefix):
            # importlib.resources takes longer to import than a schema to compile; the loader reads from a zip as well.
            loader: Any = __spec__.loader
            try:
                documents = json.loads(loader.get_data(os.path.join(os.path.dirname(__file__), "metaschemas", name)))
            except OSError:
                return ()
            return tuple(((doc.get("$id") or doc.get("id")).removesuffix("#"), doc) for doc in documents)
    return ()
