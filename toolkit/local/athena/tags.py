"""Tags of work groups and data catalogs, by ARN."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from toolkit.local.athena.errors import ApiError, invalid_request
from toolkit.local.athena.metadata import page
from toolkit.local.athena.shelf import Documents, Shelf
from toolkit.local.platform import ACCOUNT_ID

_ARN = re.compile(r"arn:aws[^:]*:athena:[^:]*:\d{12}:(workgroup|datacatalog|capacity-reservation)/(.+)")

# Source: https://docs.aws.amazon.com/athena/latest/ug/tags.html
MAXIMUM_TAGS = 50
MAXIMUM_LISTED = 75


class Tags:
    """The tags of an account's resources; *exists* tells whether there is a resource of a kind and name."""

    def __init__(self, region: str, exists: Callable[[str, str], bool], documents: Documents | None = None) -> None:
        self._region = region
        self._exists = exists
        self._tags = Shelf("athena/tags", documents)

    def arn(self, kind: str, name: str) -> str:
        """Give the ARN of a resource."""
        return f"arn:aws:athena:{self._region}:{ACCOUNT_ID}:{kind}/{name}"

    def tag(self, request: Any) -> dict[str, Any]:
        """Answer TagResource."""
        self._keep(self._found(request["ResourceARN"]), request["Tags"])
        return {}

    def begin(self, kind: str, name: str, tags: list[dict[str, str]] | None) -> None:
        """Tag a resource that was just made."""
        if tags:
            self._keep(f"{kind}/{name}", tags)

    def forget(self, kind: str, name: str) -> None:
        """Forget the tags of a resource that is gone."""
        self._tags.pop(f"{kind}/{name}", None)

    def untag(self, request: Any) -> dict[str, Any]:
        """Answer UntagResource."""
        key = self._found(request["ResourceARN"])
        kept = {name: value for name, value in self._tags.get(key, {}).items() if name not in request["TagKeys"]}
        self._tags[key] = kept
        return {}

    def listed(self, request: Any) -> dict[str, Any]:
        """Answer ListTagsForResource."""
        tags = self._tags.get(self._found(request["ResourceARN"]), {})
        items = [{"Key": name, "Value": value} for name, value in tags.items()]
        return page("Tags", items, request, maximum=MAXIMUM_LISTED)

    def _keep(self, key: str, tags: list[dict[str, str]]) -> None:
        names = [tag.get("Key", "") for tag in tags]
        if len(set(names)) != len(names):
            raise invalid_request("Duplicate tag keys are not allowed")
        whole = {**self._tags.get(key, {}), **{tag["Key"]: tag.get("Value") or "" for tag in tags}}
        if len(whole) > MAXIMUM_TAGS:
            raise invalid_request(f"A resource can have at most {MAXIMUM_TAGS} tags")
        self._tags[key] = whole

    def _found(self, arn: str) -> str:
        found = _ARN.fullmatch(arn)
        if not found:
            raise invalid_request(f"Invalid resource ARN: {arn}")
        if not self._exists(found[1], found[2]):
            raise ApiError("ResourceNotFoundException", f"Resource {arn} was not found", details={"ResourceName": arn})
        return f"{found[1]}/{found[2]}"
