"""
Each recorded statement put to the local Athena, and what became of it.

``same``         the same rows and types, or the same error at the same place
``refused``      Trino answers, and the local Athena says that it can't
``wrong``        both answer, with other rows: the worst there is
``types``        the same rows under other types or names
``lenient``      Trino refuses, and the local Athena answers
``error``        both refuse, under another error name
``position``     both refuse with the same name, at another line and column
"""

import http.client
import json
import math
import re
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from queue import SimpleQueue
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from .rendering import Type, athena_text, parse_type
from .statements import ANSWERS, Statement

OUTCOMES = ("same", "refused", "wrong", "types", "lenient", "error", "position")

SCOPE = "test/20240101/eu-west-1/athena/aws4_request"
# How many ask at once.
CLIENTS = 3
# How far two doubles may lie apart, relatively: the libraries' last digit differs, and Java's texts of it do as well.
TOLERANCE = 1e-13
# The same for reals, of which Java writes a ninth digit that says nothing.
REAL_TOLERANCE = 2e-7
# Sketches of other makes: the answers are near and never alike.
APPROXIMATE = re.compile(r"\b(approx_\w+|numeric_histogram|[qt]digest_agg|merge|approx_set)\b", re.I)
APPROXIMATE_TOLERANCE = 0.05
# Errors of Trino's own making, for which no name is right.
INTERNAL = {"GENERIC_INTERNAL_ERROR"}


class Answer(NamedTuple):
    """What Trino answered to one statement."""

    statement: Statement
    recorded: dict[str, Any]


class Found(NamedTuple):
    """What the local Athena answered: rows and columns, or the reason why it did not."""

    columns: Sequence[dict[str, Any]] = ()
    rows: Sequence[Sequence[str | None]] = ()
    reason: str | None = None


def recorded_answers() -> Iterator[Answer]:
    """Give all that is recorded, by subject."""
    for path in sorted(ANSWERS.glob("*.ndjson")):
        for line in path.read_text(encoding="utf-8").splitlines():
            recorded = json.loads(line)
            yield Answer(Statement(path.stem, recorded["sql"]), recorded)


class Client:
    """One connection to an Athena endpoint; it signs nothing, and asks as PyAthena does."""

    def __init__(self, endpoint_url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(endpoint_url).netloc)

    def close(self) -> None:
        self._connection.close()

    def call(self, operation: str, **request: Any) -> dict[str, Any]:
        headers = {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"AmazonAthena.{operation}",
            # The platform takes the region from the signature and checks nothing else of it.
            "Authorization": f"AWS4-HMAC-SHA256 Credential={SCOPE}, SignedHeaders=host, Signature=0",
        }
        self._connection.request("POST", "/", json.dumps(request), headers)
        response = self._connection.getresponse()
        return {"status": response.status} | json.loads(response.read() or b"{}")

    def ask(self, sql: str) -> Found:
        """Run a statement to its end."""
        started = self.call(
            "StartQueryExecution",
            QueryString=sql,
            ClientRequestToken=uuid.uuid4().hex,
            QueryExecutionContext={"Database": "default"},
            ResultConfiguration={"OutputLocation": "s3://reference/results/"},
        )
        if "QueryExecutionId" not in started:
            return Found(reason=_refusal(started))
        identifier = started["QueryExecutionId"]
        while True:
            status = self.call("GetQueryExecution", QueryExecutionId=identifier)["QueryExecution"]["Status"]
            if status["State"] in ("FAILED", "CANCELLED"):
                return Found(reason=status["StateChangeReason"])
            if status["State"] == "SUCCEEDED":
                break
            time.sleep(0.002)
        result = self.call("GetQueryResults", QueryExecutionId=identifier)["ResultSet"]
        rows = [[datum.get("VarCharValue") for datum in row["Data"]] for row in result["Rows"]]
        return Found(result["ResultSetMetadata"]["ColumnInfo"], rows[1:])


def ask_all(endpoint_url: str, answers: Iterable[Answer]) -> list[tuple[Answer, Found, str]]:
    """Put statements to the endpoint, a few at a time, and give what became of each, in their order."""
    clients: SimpleQueue[Client] = SimpleQueue()

    def ask(answer: Answer) -> tuple[Answer, Found, str]:
        client = clients.get()
        try:
            found = client.ask(answer.statement.sql)
        finally:
            clients.put(client)
        return answer, found, outcome(answer, found)

    with ExitStack() as stack, ThreadPoolExecutor(CLIENTS) as pool:
        for _ in range(CLIENTS):
            clients.put(stack.enter_context(closing(Client(endpoint_url))))
        return list(pool.map(ask, answers))


def _refusal(answer: dict[str, Any]) -> str:
    # A statement that does not parse is refused at once, without the error's name.
    message = answer.get("Message") or answer.get("message") or json.dumps(answer)
    return message if re.match(r"[A-Z_]+: ", message) else f"SYNTAX_ERROR: {message}"


def outcome(answer: Answer, found: Found) -> str:
    """Tell what became of a statement, in one of ``OUTCOMES``."""
    recorded = answer.recorded
    if "error" in recorded:
        return _refusals(recorded, found)
    if found.reason is not None:
        return "refused"
    kinds = [parse_type(kind) for _, kind in recorded["columns"]]
    expected = [[athena_text(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in recorded["rows"]]
    tolerance = APPROXIMATE_TOLERANCE if APPROXIMATE.search(answer.statement.sql) else TOLERANCE
    ordered = re.search(r"\bORDER BY\b(?!.*\))", answer.statement.sql, re.I | re.S) is not None
    if not _same_rows(expected, found.rows, kinds, tolerance, ordered=ordered):
        return "wrong"
    return "same" if _same_columns(recorded["columns"], kinds, found.columns) else "types"


def _refusals(recorded: dict[str, Any], found: Found) -> str:
    if found.reason is None:
        return "lenient"
    name, _, rest = found.reason.partition(":")
    if recorded["error"] in INTERNAL:
        return "same"
    if name != recorded["error"]:
        return "error"
    place = re.match(r" line (\d+):(\d+)", rest)
    at = [int(place[1]), int(place[2])] if place else None
    # Where exactly a text stops making sense depends on the parser.
    return "same" if at == recorded["at"] or name == "SYNTAX_ERROR" else "position"


# The API's names for types that Trino calls otherwise; a ``real`` is a ``float`` there.
_API_TYPES = {"real": "float"}


def _same_columns(expected: list[list[str]], kinds: list[Type], found: Sequence[dict[str, Any]]) -> bool:
    for (name, _), kind, column in zip(expected, kinds, found, strict=True):
        if column["Name"] != name or column["Type"] != _API_TYPES.get(kind.name, kind.name):
            return False
        if kind.name == "decimal" and (column["Precision"], column["Scale"]) != kind.numbers:
            return False
    return True


def _same_rows(
    expected: list[list[str | None]],
    found: list[list[str | None]],
    kinds: list[Type],
    tolerance: float,
    *,
    ordered: bool,
) -> bool:
    if len(expected) != len(found) or any(len(row) != len(kinds) for row in found):
        return False
    if not ordered:
        expected, found = (sorted(rows, key=_row_key) for rows in (expected, found))
    return all(
        _same_value(wanted, given, kind, tolerance)
        for wanted_row, given_row in zip(expected, found, strict=True)
        for wanted, given, kind in zip(wanted_row, given_row, kinds, strict=True)
    )


def _row_key(row: Sequence[str | None]) -> list[tuple[bool, str]]:
    return [(value is None, value or "") for value in row]


def _same_value(expected: str | None, found: str | None, kind: Type, tolerance: float) -> bool:
    if expected == found:
        return True
    if expected is None or found is None:
        return False
    if _holds(kind, "map") and _unordered(expected) == _unordered(found):
        # A map has no order, and Trino's is that of Java's hashes.
        return True
    if _holds(kind, "real"):
        tolerance = max(tolerance, REAL_TOLERANCE)
    return (_holds(kind, "double", "real") or tolerance > TOLERANCE) and _close(expected, found, tolerance)


def _holds(kind: Type, *names: str) -> bool:
    return kind.name in names or any(_holds(part, *names) for part in kind.arguments)


def _unordered(text: str) -> list[str]:
    return sorted(re.split(r"[{}\[\]]|, ", text))


_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:E-?\d+)?")


def _close(expected: str, found: str, tolerance: float) -> bool:
    """Whether two texts differ in the last digits of their numbers alone, each in the same notation."""
    if _NUMBER.sub("#", expected) != _NUMBER.sub("#", found):
        return False
    for wanted, given in zip(_NUMBER.findall(expected), _NUMBER.findall(found), strict=True):
        if tolerance <= REAL_TOLERANCE and ("E" in wanted, "." in wanted) != ("E" in given, "." in given):
            return False
        if not math.isclose(float(wanted), float(given), rel_tol=tolerance, abs_tol=1e-300):
            return False
    return True
