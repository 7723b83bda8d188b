"""
Ask a running Trino for the answer to every statement, and keep the answers as data.

    python -m tests.local.reference.record http://127.0.0.1:8080 [SUBJECT…]

The server wants a catalog ``memory`` with a schema ``default``, and version 435; docs/trino-reference.md tells how to come by
one. Each subject becomes ``answers/<subject>.ndjson``: one line a statement, in the order of the corpus, with either

    {"sql", "columns": [[name, type]…], "rows": [[value…]…]}    values as Trino's JSON; numbers with a point keep their text
    {"sql", "error", "message", "at": [line, column]}

A statement whose plain decimal literals Athena reads as DOUBLE is put to Trino with an exponent (``1.5`` becomes ``1.5E0``), and
the columns of its errors are counted back.
"""

import json
import re
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from .statements import ANSWERS, Statement, statements

HEADERS = {
    "X-Trino-User": "reference",
    "X-Trino-Catalog": "memory",
    "X-Trino-Schema": "default",
    "X-Trino-Time-Zone": "UTC",
    # Without it the server shows every timestamp with three digits.
    "X-Trino-Client-Capabilities": "PATH,PARAMETRIC_DATETIME",
}
_TOKEN = re.compile(
    r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/|[A-Za-z_]\w*|(\d+\.\d*|\.\d+)(?![\w.])|\d\w*(?:\.\d*E[+-]?\d+)?|.""",
    re.S,
)
EXPONENT = "E0"
MOST_ROWS = 100


def with_double_literals(sql: str) -> tuple[str, list[int]]:
    """Give the statement with an exponent on each plain decimal literal, and where in the new text those exponents stand."""
    parts, exponents, length = [], [], 0
    for match in _TOKEN.finditer(sql):
        text = match[0]
        if match[1] and not _follows_decimal(sql[: match.start()]):
            exponents.append(length + len(text))
            text += EXPONENT
        parts.append(text)
        length += len(text)
    return "".join(parts), exponents


def _follows_decimal(before: str) -> bool:
    return bool(re.search(r"[\w\])\"]$", before))


def answer(url: str, sql: str) -> dict[str, Any]:
    """Give what Trino answers to *sql*, as a line of the answers."""
    asked, exponents = with_double_literals(sql)
    request: Any = urllib.request.Request(f"{url}/v1/statement", data=asked.encode(), headers=HEADERS)
    columns, rows = None, []
    while True:
        with urllib.request.urlopen(request) as response:
            page = json.loads(response.read(), parse_float=str)
        columns = columns or page.get("columns")
        rows += page.get("data") or []
        if "error" in page:
            return {"sql": sql} | _error(page["error"], exponents)
        if "nextUri" not in page:
            return {"sql": sql, "columns": [[column["name"], column["type"]] for column in columns or []], "rows": rows}
        request = page["nextUri"]


def _error(error: dict[str, Any], exponents: list[int]) -> dict[str, Any]:
    place = error.get("errorLocation")
    at = None
    if place:
        line, column = place["lineNumber"], place["columnNumber"]
        added = sum(len(EXPONENT) for position in exponents if position < column) if line == 1 else 0
        at = [line, column - added]
    return {"error": error["errorName"], "message": error["message"], "at": at}


def record(url: str, subjects: list[str]) -> None:
    """Write the answers, all of them or those of some subjects."""
    wanted: dict[str, list[Statement]] = {}
    for statement in statements():
        if not subjects or statement.subject in subjects:
            wanted.setdefault(statement.subject, []).append(statement)
    ANSWERS.mkdir(exist_ok=True)
    for subject, group in wanted.items():
        with ThreadPoolExecutor(3) as pool:
            answers = list(pool.map(lambda statement: answer(url, statement.sql), group))
        lines = []
        for found in answers:
            if len(found.get("rows", ())) > MOST_ROWS:
                raise SystemExit(f"{found['sql']}: more than {MOST_ROWS} rows; make it smaller")
            lines.append(json.dumps(found, ensure_ascii=False, separators=(",", ":")))
        (ANSWERS / f"{subject}.ndjson").write_text("\n".join(lines) + "\n", encoding="utf-8")
        errors = sum("error" in found for found in answers)
        print(f"{subject}: {len(answers)} statements, {errors} of them refused")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    record(sys.argv[1].rstrip("/"), sys.argv[2:])
