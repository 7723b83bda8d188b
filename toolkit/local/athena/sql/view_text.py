"""The text that a view keeps of its query: each clause on lines of its own, as Trino sets them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from sqlglot.tokenizer_core import TokenType

from toolkit.local.athena.sql.commands import tokens_of

_CLAUSES = frozenset(
    {
        TokenType.FROM,
        TokenType.WHERE,
        TokenType.GROUP_BY,
        TokenType.HAVING,
        TokenType.WINDOW,
        TokenType.ORDER_BY,
        TokenType.OFFSET,
        TokenType.LIMIT,
        TokenType.FETCH,
    }
)
_SETS = frozenset({TokenType.UNION, TokenType.INTERSECT, TokenType.EXCEPT})


def laid_out(query: str) -> str:
    """
    Give a query with its clauses on lines of their own; what is no plain SELECT is left as it is, and so are expressions.

    Source: https://github.com/trinodb/trino/blob/435/core/trino-parser/src/main/java/io/trino/sql/SqlFormatter.java
    """
    tokens = tokens_of(query)
    outer = list(_outside_brackets(tokens))
    kinds = {tokens[number].token_type for number in outer}
    if tokens[0].token_type is not TokenType.SELECT or kinds & _SETS:
        return query
    begins = [0, *(number for number in outer if _begins_clause(tokens, number)), len(tokens)]
    select, *clauses = ((tokens[start], range(start, end)) for start, end in pairwise(begins))
    lines = [_select(query, tokens, select[1], outer)]
    if not clauses or clauses[0][0].token_type is not TokenType.FROM:
        lines.append("")
    for first, numbers in clauses:
        text = _text(query, tokens, numbers[1:])
        lines.append(f"FROM\n  {text}" if first.token_type is TokenType.FROM else f"{first.text.upper()} {text}")
    return "\n".join(lines) + "\n"


def _outside_brackets(tokens: Sequence[Any]) -> Iterator[int]:
    depth = 0
    for number, token in enumerate(tokens):
        depth -= token.token_type in (TokenType.R_PAREN, TokenType.R_BRACKET)
        if depth == 0:
            yield number
        depth += token.token_type in (TokenType.L_PAREN, TokenType.L_BRACKET)


def _begins_clause(tokens: Sequence[Any], number: int) -> bool:
    # In IS DISTINCT FROM it does not.
    is_comparison = number > 0 and tokens[number - 1].token_type is TokenType.DISTINCT
    return tokens[number].token_type in _CLAUSES and not is_comparison


def _select(query: str, tokens: Sequence[Any], numbers: range, outer: Sequence[int]) -> str:
    start = 2 if tokens[1].token_type in (TokenType.DISTINCT, TokenType.ALL) else 1
    head = " ".join(token.text.upper() for token in tokens[:start])
    commas = [number for number in outer if number in numbers and tokens[number].token_type is TokenType.COMMA]
    items = [
        _text(query, tokens, range(first + 1, last)) for first, last in pairwise([start - 1, *commas, numbers.stop])
    ]
    return f"{head} {items[0]}" if len(items) == 1 else f"{head}\n  " + "\n, ".join(items)


def _text(query: str, tokens: Sequence[Any], numbers: range) -> str:
    return query[tokens[numbers[0]].start : tokens[numbers[-1]].end + 1]
