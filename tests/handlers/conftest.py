"""A fake at the edge to AWS that injects faults, in front of the local platform."""

import pytest

from toolkit import aws
from toolkit.errors import AwsError, EndpointUnreachable


class Faults:
    """
    Faults for calls to come: each rule looks at a call and says what happens to it.

    ``refuse`` answers with an error instead of calling, ``lose`` calls and then loses the answer.
    ``calls`` lists what was asked.
    """

    def __init__(self, call):
        self._call = call
        self._rules = []
        self.calls = []

    def __call__(self, service, operation, /, **parameters):
        self.calls.append(operation)
        for rule in list(self._rules):
            if rule["operation"] == operation and rule["times"] > 0 and rule["when"](parameters):
                rule["times"] -= 1
                if rule["lose"]:
                    self._call(service, operation, **parameters)
                raise rule["error"]
        return self._call(service, operation, **parameters)

    def refuse(self, operation, code="ServiceUnavailable", *, times=10**9, when=lambda parameters: True):
        error = AwsError("injected", service="fake", operation=operation, code=code)
        self._rules.append({"operation": operation, "times": times, "when": when, "lose": False, "error": error})

    def lose(self, operation, *, times=1):
        error = EndpointUnreachable("connection reset", service="fake", operation=operation)
        self._rules.append(
            {"operation": operation, "times": times, "when": lambda _: True, "lose": True, "error": error}
        )

    def heal(self):
        self._rules.clear()


@pytest.fixture
def faults(platform, monkeypatch):
    made = Faults(aws.call)
    monkeypatch.setattr(aws, "call", made)
    return made


@pytest.fixture
def lines_below():
    """All stored lines below an S3 location, by key."""
    import gzip

    def read(location):
        bucket, prefix = aws.split_s3_uri(location)
        found = {}
        for page in aws.pages("s3", "list_objects_v2", Bucket=bucket, Prefix=prefix):
            for item in page.get("Contents", ()):
                body = aws.call("s3", "get_object", Bucket=bucket, Key=item["Key"])["Body"].read()
                text = gzip.decompress(body) if item["Key"].endswith(".gz") else body
                found[item["Key"]] = text.split(b"\n")[:-1]
        return found

    return read
