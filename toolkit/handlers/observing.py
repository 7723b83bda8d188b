"""
What the handlers tell of themselves: structured log lines, and metrics in CloudWatch's embedded format.

Both hold counts, names, identifiers and locations; never a value of an event. A metric is a log line that CloudWatch
reads; without ``METRICS_NAMESPACE`` none is written.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from toolkit.errors import ToolkitError

logger = logging.getLogger("toolkit.handlers")
if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    # Lambda's root logger drops what is below a warning; elsewhere the level is the application's.
    logger.setLevel(logging.INFO)


def log(level: int, message: str, /, **facts: Any) -> None:
    """Write one line of JSON: what happened, and the facts around it."""
    if logger.isEnabledFor(level):
        line = {"level": logging.getLevelName(level), "message": message, **facts}
        logger.log(level, json.dumps(line, default=str, ensure_ascii=False))


def reason_of(error: BaseException) -> str:
    """
    Return why something failed, for a log line.

    Our own errors say it in words that hold no value of an event. What Python and libraries say may quote one: of those
    the type and the place tell.
    """
    if isinstance(error, ToolkitError):
        return str(error)
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


def metrics(namespace: str, function: str, /, **values: float) -> None:
    """Write *values* as CloudWatch metrics of *function*: times in milliseconds (``…_ms``), all others counts."""
    if not namespace:
        return
    described = [{"Name": name, "Unit": "Milliseconds" if name.endswith("_ms") else "Count"} for name in values]
    line = {
        "_aws": {
            "Timestamp": int(time.time() * 1000),
            "CloudWatchMetrics": [{"Namespace": namespace, "Dimensions": [["function"]], "Metrics": described}],
        },
        "function": function,
        **values,
    }
    # Straight to standard output: a logger's prefix would hide the format from CloudWatch.
    sys.stdout.write(json.dumps(line) + "\n")
