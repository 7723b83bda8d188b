"""What a Python worker of Spark, which runs many tasks, keeps from one to the next."""

from __future__ import annotations

import functools
import gc
import pickle
import sys
from typing import TYPE_CHECKING
from zipimport import zipimporter

from toolkit.validator.bulk.judging import Judge

if TYPE_CHECKING:
    from toolkit.validator import Validator

# An executor sees a part of the lines and does not know how many are to come.
_EXPECTED_BYTES = 1 << 40


def judge_of(pickled: bytes, most_refused: int | None = None) -> Judge:
    """Return the judge of a pickled validator: always the same one in a worker, with the templates that it has learned."""
    judge = _judge(pickled, most_refused)
    _forget_importers_of_zips()
    return judge


@functools.lru_cache(maxsize=4)
def _judge(pickled: bytes, most_refused: int | None) -> Judge:
    validator: Validator = pickle.loads(pickled)  # noqa: S301  # from our own driver, as the task itself
    # Spark collects garbage behind each task: a twentieth of a second in a worker that has imported all this.
    gc.freeze()
    return Judge(validator, most_refused=most_refused, expected_bytes=_EXPECTED_BYTES)


def _forget_importers_of_zips() -> None:
    """
    Spare the next task of this worker a tenth of a second.

    Spark calls `importlib.invalidate_caches` before each task, on which Python up to 3.12 reads the whole directory of
    ``pyspark.zip`` again for each of its packages that was ever searched. An importer that is needed again is made anew, of the
    directory as it was read.
    """
    if sys.version_info < (3, 13):
        for path, importer in list(sys.path_importer_cache.items()):
            if isinstance(importer, zipimporter):
                del sys.path_importer_cache[path]
