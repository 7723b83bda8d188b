"""
Put every recorded statement to the local Athena, print what became of them, and list those that differ.

    python -m tests.local.reference.differences            # writes differences.txt
    python -m tests.local.reference.differences --show     # prints each one with both answers, and writes nothing
    python -m tests.local.reference.differences --show wrong arrays json    # those of an outcome and of subjects

A line of ``differences.txt`` is a statement's name, the outcome, and the statement. The list is to shrink.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import toolkit.local

from .comparing import OUTCOMES, Answer, Found, ask_all, recorded_answers
from .statements import HERE

DIFFERENCES = HERE / "differences.txt"
BUCKET = "reference"


@contextmanager
def endpoint() -> Iterator[str]:
    """Give the URL of a platform that has a bucket for results; it serves from a process of its own."""
    import boto3

    with toolkit.local.launch() as platform:
        environment = platform.environment
        s3 = boto3.client(
            "s3",
            endpoint_url=platform.endpoint_url,
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
            region_name=environment["AWS_REGION"],
        )
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": environment["AWS_REGION"]})
        yield platform.endpoint_url


def listed(path: Path = DIFFERENCES) -> dict[str, str]:
    """Give the outcome of each statement that is known to differ, by its name."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {
        name: outcome for name, outcome, *_ in (line.split(maxsplit=2) for line in lines if not line.startswith("#"))
    }


def summary(results: list[tuple[Answer, Found, str]]) -> str:
    """Give the number of statements of each outcome, in one line."""
    counts = Counter(outcome for _, _, outcome in results)
    return f"{len(results)} statements: " + ", ".join(f"{counts[outcome]} {outcome}" for outcome in OUTCOMES)


def _table(results: list[tuple[Answer, Found, str]]) -> str:
    counts: dict[str, Counter[str]] = {}
    for answer, _, outcome in results:
        counts.setdefault(answer.statement.subject, Counter())[outcome] += 1
    lines = [f"{'':32}" + "".join(f"{outcome:>10}" for outcome in OUTCOMES)]
    lines += [
        f"{subject:32}" + "".join(f"{count[outcome] or '':>10}" for outcome in OUTCOMES)
        for subject, count in counts.items()
    ]
    return "\n".join(lines)


def _shown(answer: Answer, found: Found, outcome: str) -> str:
    recorded = answer.recorded
    if "error" in recorded:
        expected = f"{recorded['error']}: {recorded['message']}"
    else:
        expected = json.dumps([recorded["rows"], [kind for _, kind in recorded["columns"]]], ensure_ascii=False)
    given = found.reason or json.dumps([found.rows, [column["Type"] for column in found.columns]], ensure_ascii=False)
    return f"{outcome} {answer.statement.name}\n    {answer.statement.sql}\n    Trino: {expected}\n    local: {given}"


def main(words: list[str]) -> None:
    """Run what the words on the command line ask for."""
    chosen = {word for word in words if not word.startswith("-")}
    outcomes, subjects = chosen & set(OUTCOMES), chosen - set(OUTCOMES)
    answers = [answer for answer in recorded_answers() if not subjects or answer.statement.subject in subjects]
    with endpoint() as url:
        results = ask_all(url, answers)
    different = [result for result in results if result[2] != "same"]
    if "--show" in words:
        for result in different:
            if not outcomes or result[2] in outcomes:
                print(_shown(*result))
    elif subjects:
        raise SystemExit("the list is written for all subjects at once; --show takes some")
    else:
        lines = [f"{answer.statement.name} {outcome} {answer.statement.sql}" for answer, _, outcome in different]
        head = "# Statements that the local Athena does not answer as Trino does; see docs/trino-reference.md"
        DIFFERENCES.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    print(_table(results))
    print(summary(results))


if __name__ == "__main__":
    main(sys.argv[1:])
