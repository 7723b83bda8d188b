"""Terms of WHERE as pyiceberg's expressions, so that files whose partition or statistics rule them out are not read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Any

from sqlglot import exp

_COMPARISONS: dict[type[exp.Binary], str] = {
    exp.EQ: "EqualTo",
    exp.NEQ: "NotEqualTo",
    exp.GT: "GreaterThan",
    exp.GTE: "GreaterThanOrEqual",
    exp.LT: "LessThan",
    exp.LTE: "LessThanOrEqual",
}
_MIRRORED: dict[type[exp.Binary], type[exp.Binary]] = {
    exp.GT: exp.LT,
    exp.GTE: exp.LTE,
    exp.LT: exp.GT,
    exp.LTE: exp.GTE,
}


class _NotSaid(Exception):
    """A term that pyiceberg can't be told; files are then not left out on its account."""


def row_filter(terms: Iterable[exp.Expr], schema: Any) -> Any:
    """Give the expression for terms that all have to hold; those that can't be told are passed over."""
    from pyiceberg.expressions import AlwaysTrue, And

    fields = {field.name.lower(): field for field in schema.fields}
    whole: Any = AlwaysTrue()
    for term in terms:
        try:
            whole = And(whole, _term(term, fields))
        except _NotSaid:
            continue
    return whole


def _term(term: exp.Expr, fields: dict[str, Any]) -> Any:
    from pyiceberg import expressions

    iceberg: Any = expressions
    match term:
        case exp.Paren():
            return _term(term.this, fields)
        case exp.And():
            return iceberg.And(_term(term.left, fields), _term(term.right, fields))
        case exp.Or():
            return iceberg.Or(_term(term.left, fields), _term(term.right, fields))
        case exp.In(this=exp.Column() as column) if term.expressions:
            field = _field(column, fields)
            return iceberg.In(field.name, [_value(each, field) for each in term.expressions])
        case exp.Between(this=exp.Column() as column):
            field = _field(column, fields)
            low, high = (_value(term.args[key], field) for key in ("low", "high"))
            return iceberg.And(iceberg.GreaterThanOrEqual(field.name, low), iceberg.LessThanOrEqual(field.name, high))
        case exp.Is(this=exp.Column() as column, expression=exp.Null()):
            return iceberg.IsNull(_field(column, fields).name)
        case exp.Not(this=exp.Is(this=exp.Column() as column, expression=exp.Null())):
            return iceberg.NotNull(_field(column, fields).name)
        case exp.Binary() if type(term) in _COMPARISONS:
            kind = type(term)
            left, right = term.left, term.right
            if not isinstance(left, exp.Column):
                left, right, kind = right, left, _MIRRORED.get(kind, kind)
            if isinstance(left, exp.Column):
                field = _field(left, fields)
                return getattr(iceberg, _COMPARISONS[kind])(field.name, _value(right, field))
    raise _NotSaid


def _field(column: exp.Column, fields: dict[str, Any]) -> Any:
    field = fields.get(column.name.lower())
    if field is None or not field.field_type.is_primitive:
        raise _NotSaid
    return field


def _value(node: exp.Expr, field: Any) -> Any:
    """Give a constant as a value of the field's type; one of another type is not told, since SQL may convert either side."""
    while isinstance(node, exp.Paren):
        node = node.this
    text = node.this.name if isinstance(node, exp.Cast | exp.Neg) and isinstance(node.this, exp.Literal) else node.name
    cast = node.to.this.name if isinstance(node, exp.Cast) and isinstance(node.this, exp.Literal) else ""
    is_number = isinstance(node, exp.Literal | exp.Neg) and not node.is_string
    sign = "-" if isinstance(node, exp.Neg) else ""
    kind = str(field.field_type)
    try:
        if kind in ("int", "long") and is_number:
            return int(sign + text)
        if kind in ("float", "double") and is_number:
            return float(sign + text)
        if kind.startswith("decimal") and is_number:
            return _scaled(Decimal(sign + text), field.field_type.scale)
        if kind == "string" and isinstance(node, exp.Literal) and node.is_string:
            return text
        if kind == "date" and cast == "DATE":
            return date.fromisoformat(text.strip())
        if kind == "timestamp" and cast == "TIMESTAMP":
            moment = datetime.fromisoformat(text.strip())
            if moment.tzinfo is None:
                return moment
        if kind == "boolean" and isinstance(node, exp.Boolean):
            return bool(node.this)
    except (ValueError, InvalidOperation, Inexact):
        pass
    raise _NotSaid


def _scaled(number: Decimal, scale: int) -> Decimal:
    """Give a number with as many digits behind the point as pyiceberg demands of it; an error if it has more."""
    return number.quantize(Decimal(1).scaleb(-scale), context=Context(prec=100, traps=[InvalidOperation, Inexact]))
