"""What DynamoDB says of a projection with a reserved word, in its own words: by these clients replace the name."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

# An element of a list, as in tags[0].
_INDEX = re.compile(r"\[\d+\]")


def install() -> None:
    """Mend moto's answers; to be called before its first request of DynamoDB."""
    responses: Any = import_module("moto.dynamodb.responses")  # moto is untyped here
    words: Any = import_module("moto.dynamodb.parsing.reserved_keywords").ReservedKeywords
    refusal: Any = import_module("moto.dynamodb.exceptions").MockValidationException
    itself = responses.check_projection_expression
    if itself.__module__ == __name__:
        return

    def check_projection_expression(path: str) -> None:
        for name in _INDEX.sub("", path).split("."):
            if name.upper() in words.get_reserved_keywords():
                raise refusal(
                    f"Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved keyword: {name}"
                )
        itself(path)

    responses.check_projection_expression = check_projection_expression
