"""Calls of functions, aggregates and windows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from sqlglot import exp

from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.hive_types import BIGINT, STRING, HiveType
from toolkit.local.athena.sql.analysis.base import Analysis
from toolkit.local.athena.sql.analysis.casts import can_cast
from toolkit.local.athena.sql.analysis.grouping import aggregates, is_aggregate_name, mark_before_try, plain_text
from toolkit.local.athena.sql.analysis.operators import (
    are_alike,
    coerce,
    concatenated_kind,
    offset_of,
    row_kind,
    shown_kind,
    window_key,
)
from toolkit.local.athena.sql.analysis.row_patterns import FEW_ROWS, MATCHED_ROWS
from toolkit.local.athena.sql.analysis.scopes import (
    Scope,
)
from toolkit.local.athena.sql.coercion import common_of, is_comparable, is_orderable
from toolkit.local.athena.sql.functions import (
    FUNCTIONS,
    INTEGER,
    INTEGRAL,
    INTERVALS,
    NUMERIC_ORDER,
    TEMPORAL_ORDER,
    TEXT,
    TIME,
    TIMESTAMP,
    ZONED,
    ZONED_TIME,
    Kind,
    array_of,
    precision_of,
    time_at,
    with_own_zones,
    with_precision,
)
from toolkit.local.athena.sql.routines.times import iso_instant, joda_instant
from toolkit.local.athena.sql.signatures import (
    AMBIGUOUS,
    LAMBDA,
    AmbiguousCall,
    NoSignature,
    Resolved,
    expected_signatures,
    lambda_parameters,
    other_functions,
    resolve,
    result_of,
    shown,
    signatures,
    with_lambda,
)

# The window functions that may pass over NULL.
_TREAT_NULLS = frozenset({"first_value", "lag", "last_value", "lead", "nth_value"})

# No zone is further from UTC.
MOST_MINUTES_OF_ZONE = 14 * 60


class Calls(Analysis):
    """Types calls."""

    def filtered(self, node: exp.Filter, scope: Scope) -> None:
        call = node.this.this if isinstance(node.this, exp.WithinGroup) else node.this
        if isinstance(call, exp.Anonymous) and not is_aggregate_name(call.name):
            raise self.error("FUNCTION_NOT_AGGREGATE", call, "Filter is only valid for aggregation functions")
        condition = node.expression.this
        kind = self.kind(condition, scope)
        if kind is not None and kind.name not in ("boolean", "unknown"):
            message = f"Filter expression must evaluate to a boolean (actual: {shown_kind(kind)})"
            raise self.error("TYPE_MISMATCH", condition, message)

    def window(self, node: exp.Window, scope: Scope) -> Kind:
        call = node.this
        select = node.find_ancestor(exp.Select) or node
        while isinstance(call, exp.Filter | exp.IgnoreNulls | exp.RespectNulls):
            if isinstance(call, exp.Filter):
                raise self.error("NOT_SUPPORTED", select, "FILTER is not yet supported for window functions")
            call = call.this
            if isinstance(call, exp.Anonymous) and call.name.lower() not in _TREAT_NULLS:
                message = f"Cannot specify null treatment clause for {call.name.lower()} function"
                raise self.error("NULL_TREATMENT_NOT_ALLOWED", call, message)
        if isinstance(call, exp.WithinGroup):
            raise self.error(
                "SYNTAX_ERROR", self.word(node, "OVER"), "mismatched input 'OVER'. Expecting: ',', 'FROM', <EOF>"
            )
        if isinstance(call, exp.Anonymous):
            name = call.name.lower()
            function = FUNCTIONS.get(name)
            if any(isinstance(each, exp.Order) for each in call.expressions):
                raise self.error("NOT_SUPPORTED", call, "Window function with ORDER BY is not supported")
            if name in ("lag", "lead") and not node.args.get("alias"):
                self.shifting(node, name)
            if function is not None and not (function.is_aggregate or function.is_window):
                raise self.error("FUNCTION_NOT_WINDOW", select, f"Not a window function: {name}")
            if any(isinstance(each, exp.Distinct) for each in call.expressions):
                message = "DISTINCT in window function parameters not yet supported"
                raise self.error("NOT_SUPPORTED", select, message)
        for each in node.find_all(exp.Window):
            if each is not node and each.find_ancestor(exp.Window, exp.Query) is node:
                message = "Cannot nest window functions or row pattern measures inside window function arguments"
                raise self.error("NESTED_WINDOW", each, message)
        self.window_parts(node, scope)
        return self.kind(node.this, scope)

    def window_parts(self, node: exp.Window, scope: Scope) -> None:
        """Type what stands in the brackets of a window."""
        self.window_name(node)
        partition: list[exp.Expr] = list(node.args.get("partition_by") or ())
        for key, kind in zip(partition, self.kinds(partition, scope), strict=True):
            if not is_comparable(kind):
                message = f"{shown_kind(kind)} is not comparable, and therefore cannot be used in window function PARTITION BY"
                raise self.error("TYPE_MISMATCH", key, message)
        order = node.args.get("order")
        keys = [each.this for each in order.expressions] if order is not None else []
        for key, kind in zip(keys, self.kinds(keys, scope), strict=True):
            if not is_orderable(kind):
                message = (
                    f"{shown_kind(kind)} is not orderable, and therefore cannot be used in window function ORDER BY"
                )
                raise self.error("TYPE_MISMATCH", key, message)
        if node.args.get("spec") is not None:
            self.frame(node, node.args["spec"])
            self.frame_values(node, node.args["spec"], scope)

    def shifting(self, node: exp.Window, name: str) -> None:
        """Refuse a window of lag and lead without an order, or with a frame."""
        if node.args.get("order") is None:
            at = self.opening(node)
            raise self.error("MISSING_ORDER_BY", at, f"{name} function requires an ORDER BY window clause")
        if node.args.get("spec") is not None:
            message = f"Cannot specify window frame for {name} function"
            raise self.error("INVALID_WINDOW_FRAME", self.word(node, "ROWS|RANGE|GROUPS"), message)

    def window_name(self, node: exp.Window) -> None:
        """Refuse a name of a window that is none, and what may not stand beside it."""
        name = node.args.get("alias")
        if not isinstance(name, exp.Identifier):
            return
        found = _definitions_for(node).get(window_key(name))
        if found is None:
            shown = name.sql(dialect="trino")
            raise self.error("INVALID_WINDOW_REFERENCE", name, f"Cannot resolve WINDOW name {shown}")
        if partition := node.args.get("partition_by"):
            message = "WINDOW specification with named WINDOW reference cannot specify PARTITION BY"
            raise self.error("INVALID_PARTITION_BY", partition[0], message)
        if node.args.get("order") is not None and _order_of(found) is not None:
            message = "Cannot specify ORDER BY if referenced named WINDOW specifies ORDER BY"
            raise self.error("INVALID_ORDER_BY", self.word(node, "ORDER"), message)
        if found.args.get("spec") is not None and self.sql[: name.meta.get("start", 0)].rstrip().endswith("("):
            message = "Cannot reference named WINDOW containing frame specification"
            raise self.error("INVALID_WINDOW_REFERENCE", name, message)

    def opening(self, node: exp.Window) -> exp.Expr:
        """Give a node that stands where the first thing in the brackets of a window does."""
        start = node.this.meta.get("start", 0) if isinstance(node.this, exp.Identifier) else node.meta.get("start", 0)
        word = "AS" if isinstance(node.this, exp.Identifier) else "OVER"
        found = re.compile(rf"\b{word}\s*\(\s*", re.IGNORECASE).search(self.sql, start)
        at = exp.Null()
        at.meta["start"] = found.end() if found is not None else start
        return at

    def word(self, node: exp.Window, pattern: str) -> exp.Expr:
        """Give a node that stands where a word of a window does."""
        found = re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE).search(self.sql, node.meta.get("start", 0))
        at = exp.Null()
        at.meta["start"] = found.start() if found is not None else node.meta.get("start", 0)
        return at

    def frame_values(self, node: exp.Window, spec: exp.WindowSpec, scope: Scope) -> None:
        values = [spec.args[each] for each in ("start", "end") if isinstance(spec.args.get(each), exp.Expr)]
        if not values:
            return
        kinds = self.kinds(values, scope)
        if str(spec.args.get("kind") or "").upper() != "RANGE":
            for value, kind in zip(values, kinds, strict=True):
                is_whole = kind is not None and kind.name == "decimal" and kind.arguments[1] == 0
                if kind is not None and not is_whole and kind.name not in INTEGRAL | {"unknown"}:
                    side = "start" if value is spec.args.get("start") else "end"
                    message = (
                        f"Window frame {spec.args['kind']} {side} value type must be exact numeric type with scale 0 "
                    )
                    raise self.error("TYPE_MISMATCH", value, f"{message}(actual {shown_kind(kind)})")
                if is_whole:
                    coerce(value, BIGINT)
            return
        order = _order_of(node)
        what = "Window frame of type RANGE PRECEDING or FOLLOWING requires"
        if order is None:
            raise self.error("MISSING_ORDER_BY", self.opening(node), f"{what} ORDER BY")
        if len(order.expressions) != 1:
            message = f"{what} single sort item in ORDER BY (actual: {len(order.expressions)})"
            raise self.error("INVALID_ORDER_BY", self.word(node, "ORDER"), message)
        key = order.expressions[0].this
        sorted_by: Kind = key.meta.get("kind")
        if sorted_by is None:
            return
        is_number = sorted_by.name in NUMERIC_ORDER
        if not is_number and sorted_by.name not in {*TEMPORAL_ORDER, "time", *INTERVALS}:
            message = f"{what} that sort item type be numeric, datetime or interval (actual: {shown_kind(sorted_by)})"
            raise self.error("TYPE_MISMATCH", key, message)
        for value, kind in zip(values, kinds, strict=True):
            if kind is None:
                continue
            if is_number != (kind.name in NUMERIC_ORDER) or (sorted_by.name in INTERVALS and kind != sorted_by):
                message = f"Window frame RANGE value type ({shown_kind(kind)}) not compatible with sort item type "
                raise self.error("TYPE_MISMATCH", value, f"{message}({shown_kind(sorted_by)})")

    def frame(self, node: exp.Window, spec: exp.WindowSpec) -> None:
        at = self.word(node, "ROWS|RANGE|GROUPS")
        start, end = str(spec.args.get("start") or ""), str(spec.args.get("end") or "")
        start_side, end_side = (str(spec.args.get(each) or "") for each in ("start_side", "end_side"))
        if (start, start_side) == ("UNBOUNDED", "FOLLOWING"):
            raise self.error("INVALID_WINDOW_FRAME", at, "Window frame start cannot be UNBOUNDED FOLLOWING")
        if (end, end_side) == ("UNBOUNDED", "PRECEDING"):
            raise self.error("INVALID_WINDOW_FRAME", at, "Window frame end cannot be UNBOUNDED PRECEDING")
        if start == "CURRENT ROW" and end_side == "PRECEDING":
            message = "Window frame starting from CURRENT ROW cannot end with PRECEDING"
            raise self.error("INVALID_WINDOW_FRAME", at, message)
        if start_side == "FOLLOWING" and (end_side == "PRECEDING" or end == "CURRENT ROW"):
            message = f"Window frame starting from FOLLOWING cannot end with {end_side or end}"
            raise self.error("INVALID_WINDOW_FRAME", at, message)

    def trimmed(self, node: exp.Trim, scope: Scope) -> Kind:
        kinds = self.kinds((node.this, node.args.get("expression")), scope)
        known = [each for each in kinds if each is not None]
        if len(known) < len(kinds):
            return STRING
        try:
            found = resolve("trim", known)
        except NoSignature as error:
            message = (
                f"Unexpected parameters ({shown(known)}) for function trim. Expected: {expected_signatures('trim')}"
            )
            raise QueryError(f"FUNCTION_NOT_FOUND: {message}") from error
        except AmbiguousCall as error:
            raise self.error("AMBIGUOUS_FUNCTION_CALL", node, AMBIGUOUS) from error
        return result_of(found)

    def call(self, node: exp.Anonymous, scope: Scope) -> Kind:
        name = node.name.lower()
        if "semantics" in node.meta:
            message = f"{node.meta['semantics']} semantics is not supported out of pattern recognition context"
            raise self.error("INVALID_PROCESSING_MODE", node, message)
        zone = node.expressions[1] if name == "at_timezone" and len(node.expressions) == 2 else None
        if isinstance(zone, exp.Interval) and (offset := offset_of(zone)) is not None:
            zone.replace(offset)
        arguments = [each for each in _arguments(node) if not isinstance(each, exp.Star)]
        kinds: list[Kind] = [LAMBDA if isinstance(each, exp.Lambda) else self.kind(each, scope) for each in arguments]
        self.kinds(node.args.get("order") or (), scope)
        for each in node.expressions:
            if isinstance(each, exp.Order):
                if name in FUNCTIONS and not is_aggregate_name(name):
                    message = "ORDER BY is only valid for aggregation functions"
                    raise self.error("FUNCTION_NOT_AGGREGATE", node, message)
                self.ordered(node, [key.this for key in each.expressions], scope)
        node.meta["argument_kinds"] = kinds
        if "json" in node.meta:
            return self.json_call(node, kinds)
        special = _SPECIAL.get(name)
        if special is not None:
            return special(self, node, kinds, scope)
        if name in _WORDS:
            message = f"mismatched input '{node.name}'. Expecting: '*', 'ALL', 'DISTINCT', <expression>"
            raise self.error("SYNTAX_ERROR", node, message)
        if name not in signatures() and not any(name in names for names in other_functions().values()):
            raise self.error("FUNCTION_NOT_FOUND", node, f"Function '{name}' not registered")
        function = FUNCTIONS.get(name)
        if function is not None and function.is_window and not node.find_ancestor(exp.Window):
            raise self.error("MISSING_OVER", node, f"Window function system.builtin.{name} requires an OVER clause")
        if function is None:
            message = f"the local Athena does not support the function {name}; docs/local-athena-functions.md lists those it has"
            raise self.error("NOT_SUPPORTED", node, message)
        given_first = (each.this if isinstance(each, exp.Order) else each for each in node.expressions)
        distinct = next((each for each in given_first if isinstance(each, exp.Distinct)), None)
        if distinct is not None:
            self.distinct_call(node, distinct, scope)
        self.literal_arguments(node, name)
        if name == "concat_ws" and len(kinds) == 1:
            raise QueryError("INVALID_FUNCTION_ARGUMENT: There must be two or more arguments")
        given = [each for each in kinds if each is not None]
        if len(given) < len(kinds):
            return self.loose_call(node, kinds, scope)
        try:
            found = resolve(name, given)
            for number, each in enumerate(node.expressions):
                if isinstance(each, exp.Lambda):
                    found = self.lambda_argument(found, number, each, scope)
        except NoSignature as error:
            message = (
                f"Unexpected parameters ({shown(given)}) for function {name}. Expected: {expected_signatures(name)}"
            )
            raise self.error("FUNCTION_NOT_FOUND", node, message) from error
        except AmbiguousCall as error:
            raise self.error("AMBIGUOUS_FUNCTION_CALL", node, AMBIGUOUS) from error
        arguments = [each for each in _arguments(node) if not isinstance(each, exp.Star)]
        for each, wanted in zip(arguments, found.kinds, strict=True):
            coerce(each, wanted)
        node.meta["argument_kinds"] = [
            kind if kind.name == wanted.name else wanted for kind, wanted in zip(given, found.kinds, strict=True)
        ]
        result = result_of(found)
        if name in _TWO_OR_MORE and len(given) < 2:
            raise QueryError(f"INVALID_FUNCTION_ARGUMENT: There must be two or more concatenation arguments to {name}")
        if name == "array_join" and found.kinds[0].children and not can_cast(found.kinds[0].children[0], STRING):
            message = f"Cannot cast {shown_kind(found.kinds[0].children[0])} to varchar"
            raise self.error("OPERATOR_NOT_FOUND", node, message)
        if name == "concat":
            return concatenated_kind(found.kinds, result, given)
        if result is not None and result.name in (ZONED.name, ZONED_TIME.name):
            return self.zone_of_result(node, name, given, result)
        return result

    def ordered(self, node: exp.Anonymous, keys: Sequence[exp.Expr], scope: Scope) -> None:
        """Refuse an aggregate in the order of what has none."""
        for kind in self.kinds(keys, scope):
            if not is_orderable(kind):
                message = f"ORDER BY can only be applied to orderable types (actual: {shown_kind(kind)})"
                raise self.error("TYPE_MISMATCH", node, message)

    def distinct_call(self, node: exp.Anonymous, distinct: exp.Distinct, scope: Scope) -> None:
        name = node.name.lower()
        if not is_aggregate_name(name):
            message = "DISTINCT is not supported for non-aggregation functions"
            raise self.error("FUNCTION_NOT_AGGREGATE", node, message)
        if name == "count" and len(distinct.expressions) > 1:
            given = [kind for each in distinct.expressions if (kind := self.kind(each, scope)) is not None]
            message = f"Unexpected parameters ({shown(given)}) for function count. Expected: count(), count(t) T"
            raise self.error("FUNCTION_NOT_FOUND", node, message)
        for kind in self.kinds(distinct.expressions, scope):
            if not is_comparable(kind):
                message = f"DISTINCT can only be applied to comparable types (actual: {shown_kind(kind)})"
                raise self.error("TYPE_MISMATCH", node, message)
        order = distinct.parent
        if isinstance(order, exp.Order):
            arguments = set(map(plain_text, distinct.expressions))
            for each in order.expressions:
                if plain_text(each.this) not in arguments:
                    message = "For aggregate function with DISTINCT, ORDER BY expressions must appear in arguments"
                    raise self.error("EXPRESSION_NOT_IN_DISTINCT", each, message)

    def literal_arguments(self, node: exp.Anonymous, name: str) -> None:
        """Refuse literals that Trino refuses when it meets the first row."""
        if name in ("lag", "lead") and len(node.expressions) > 1 and isinstance(node.expressions[1], exp.Null):
            raise QueryError("INVALID_FUNCTION_ARGUMENT: Offset must not be null")
        last = node.expressions[-1] if node.expressions else None
        negative = isinstance(last, exp.Neg) and isinstance(last.this, exp.Literal)
        number = last.this if isinstance(last, exp.Neg) else last
        if not isinstance(number, exp.Literal) or number.is_string:
            second = node.expressions[1] if len(node.expressions) > 1 else None
            if name in ("lag", "lead") and isinstance(second, exp.Neg) and isinstance(second.this, exp.Literal):
                raise QueryError("INVALID_FUNCTION_ARGUMENT: Offset must be at least 0")
            return
        value = -float(number.name) if negative else float(number.name)
        if name == "approx_percentile" and not 0 <= value <= 1:
            raise QueryError("INVALID_FUNCTION_ARGUMENT: Percentile must be between 0 and 1")
        if name == "approx_distinct" and len(node.expressions) == 2 and not 0.0040625 <= value <= 0.26:
            message = f"Max standard error must be in [0.0040625, 0.26]: {value}"
            raise QueryError(f"INVALID_FUNCTION_ARGUMENT: {message}")
        if name == "nth_value" and value < 1:
            raise QueryError("INVALID_FUNCTION_ARGUMENT: Offset must be at least 1")
        if name in ("lag", "lead") and len(node.expressions) == 2 and value < 0:
            raise QueryError("INVALID_FUNCTION_ARGUMENT: Offset must be at least 0")

    def loose_call(self, node: exp.Anonymous, kinds: list[Kind], scope: Scope) -> Kind:
        """Type a call of which an argument's type is not known: by the older rules, and without coercing anything."""
        function = FUNCTIONS[node.name.lower()]
        for each in node.expressions:
            if isinstance(each, exp.Lambda):
                parameters = dict.fromkeys((name.name.lower() for name in each.expressions), None)
                each.meta["kind"] = self.kind(each.this, Scope(scope, parameters=parameters))
        return function.returns(kinds)

    def lambda_argument(self, found: Resolved, number: int, node: exp.Lambda, scope: Scope) -> Resolved:
        given = lambda_parameters(found, number)
        names = [each.name.lower() for each in node.expressions]
        if len(given) != len(names):
            message = f"Expected a lambda that takes {len(given)} argument(s) but got {len(names)}"
            raise self.error("INVALID_PARAMETER_USAGE", node, message)
        made = [*node.this.find_all(exp.Window), *aggregates(node.this)]
        if made:
            message = "Lambda expression cannot contain aggregations, window functions or grouping operations: "
            raise self.error("EXPRESSION_NOT_SCALAR", made[0], f"{message}[{made[0].sql(dialect='trino')}]")
        kind = self.kind(node.this, Scope(scope, parameters=dict(zip(names, given, strict=True))))
        node.meta["kind"] = kind
        if kind is None:
            return found
        found = with_lambda(found, number, kind)
        wanted = found.signature.parameters[number].children[-1]
        if wanted.is_variable:
            coerce(node.this, found.variables[wanted.name.lower()])
        return found

    def zone_of_result(self, node: exp.Anonymous, name: str, kinds: Sequence[HiveType], result: HiveType) -> Kind:
        if name in ("at_timezone", "with_timezone") or (name == "from_unixtime" and len(kinds) == 2):
            zone = self.at_time_zone(node, node.expressions[1], Scope())
            return with_precision(zone, precision_of(result)) if zone is not None else None
        if name == "from_unixtime" and len(kinds) == 3:
            return self.offset_zone(node, result)
        if name in ("from_iso8601_timestamp", "from_iso8601_timestamp_nanos", "parse_datetime"):
            texts = [each.name for each in node.expressions if isinstance(each, exp.Literal)]
            if len(texts) < len(kinds):
                return with_own_zones(result)
            try:
                _, zone_text = iso_instant(*texts) if len(texts) == 1 else joda_instant(*texts)
            except ValueError:
                return result
            return HiveType(result.name, result.arguments, fields=(zone_text,))
        zoned = [kind for kind in kinds if kind.name == result.name]
        same = common_of(zoned if name in ("greatest", "least") else zoned[:1])
        return HiveType(result.name, result.arguments, fields=same.fields) if same is not None else result

    def offset_zone(self, node: exp.Anonymous, result: HiveType) -> Kind:
        given = [each.this if isinstance(each, exp.Cast) else each for each in node.expressions[1:]]
        numbers = [each.this if isinstance(each, exp.Neg) else each for each in given]
        if not all(isinstance(each, exp.Literal) and each.is_int for each in numbers):
            message = "the local Athena does not support hours and minutes that are not literals"
            raise self.error("NOT_SUPPORTED", node, message)
        signs = [-1 if isinstance(each, exp.Neg) else 1 for each in given]
        minutes = signs[0] * 60 * int(numbers[0].name) + signs[1] * int(numbers[1].name)
        if abs(minutes) > MOST_MINUTES_OF_ZONE:
            raise QueryError(f"INVALID_FUNCTION_ARGUMENT: Invalid offset minutes {minutes}")
        zone = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}" if minutes else "UTC"
        return HiveType(result.name, result.arguments, fields=(zone,))

    # -- calls that are syntax

    def row(self, node: exp.Anonymous, kinds: list[Kind], scope: Scope) -> Kind:
        if not kinds:
            raise self.error("FUNCTION_NOT_FOUND", node, "Function 'row' not registered")
        return row_kind(kinds)

    def coalesce(self, node: exp.Anonymous, kinds: list[Kind], scope: Scope) -> Kind:
        if len(kinds) < 2:
            raise self.error("SYNTAX_ERROR", node, "The 'coalesce' function must have at least two arguments")
        return self.unified(kinds, node.expressions, "All COALESCE operands must be the same type")

    def nullif(self, node: exp.Anonymous, kinds: list[Kind], scope: Scope) -> Kind:
        if len(kinds) != 2:
            raise self.error("SYNTAX_ERROR", node, "Invalid number of arguments for 'nullif' function")
        if not are_alike(*kinds):
            message = f"Types are not comparable with NULLIF: {shown_kind(kinds[0])} vs {shown_kind(kinds[1])}"
            raise self.error("TYPE_MISMATCH", node, message)
        return kinds[0]

    def attempt(self, node: exp.Anonymous, kinds: list[Kind], scope: Scope) -> Kind:
        if len(kinds) != 1:
            raise self.error("SYNTAX_ERROR", node, "The 'try' function must have exactly one argument")
        mark_before_try(node.expressions[0])
        return kinds[0]

    def grouping(self, node: exp.Anonymous, kinds: list[Kind], scope: Scope) -> Kind:
        return BIGINT if len(kinds) > 31 else INTEGER

    def typeof(self, node: exp.Anonymous, kinds: list[Kind], scope: Scope) -> Kind:
        node.meta["holds_aggregate"] = any(aggregates(each) for each in node.expressions)
        return STRING

    def now(self, node: exp.Anonymous, kinds: list[Kind], scope: Scope) -> Kind:
        kind = _NOW[node.name.lower()]
        return with_precision(kind, int(node.expressions[0].name)) if node.expressions else kind

    def format(self, node: exp.Anonymous, kinds: list[Kind], scope: Scope) -> Kind:
        if len(kinds) < 2:
            raise self.error("SYNTAX_ERROR", node, "The 'format' function must have at least two arguments")
        if kinds[0] is not None and kinds[0].name not in TEXT:
            message = f"Format string type must be varchar (actual: {shown_kind(kinds[0])})"
            raise self.error("TYPE_MISMATCH", node.expressions[0], message)
        for each, kind in zip(node.expressions[1:], kinds[1:], strict=True):
            if kind is not None and (kind.children or kind.name == ZONED_TIME.name):
                raise self.error("NOT_SUPPORTED", each, f"Type not supported for formatting: {shown_kind(kind)}")
        return STRING

    def listagg(self, node: exp.Anonymous, kinds: list[Kind], scope: Scope) -> Kind:
        if not isinstance(node.parent, exp.WithinGroup):
            raise self.error("SYNTAX_ERROR", node, "mismatched input. Expecting: 'WITHIN'")
        for each, kind in zip(node.expressions, kinds, strict=True):
            if kind is not None and kind.name not in TEXT | {"unknown"}:
                message = (
                    f"Expected expression of varchar, but '{each.sql(dialect='trino')}' has {shown_kind(kind)} type"
                )
                raise self.error("TYPE_MISMATCH", node, message)
        return STRING


_NOW = {
    "current_time": time_at("UTC"),
    "current_timestamp": ZONED,
    "localtime": TIME,
    "localtimestamp": TIMESTAMP,
}

# A call that the grammar knows, and whose arguments no signature describes.
_SPECIAL: dict[str, Callable[[Calls, exp.Anonymous, list[Kind], Scope], Kind]] = {
    # Of row_patterns: lists of numbers.
    MATCHED_ROWS: lambda *_: array_of(array_of(BIGINT)),
    FEW_ROWS: lambda *_: BIGINT,
    "row": Calls.row,
    "coalesce": Calls.coalesce,
    "nullif": Calls.nullif,
    "try": Calls.attempt,
    "format": Calls.format,
    "grouping": Calls.grouping,
    "typeof": Calls.typeof,
    "listagg": Calls.listagg,
    "current_timestamp": Calls.now,
    "localtimestamp": Calls.now,
    "current_time": Calls.now,
    "localtime": Calls.now,
}


def _definitions_for(window: exp.Window) -> dict[str, exp.Window]:
    """Give the windows that one may be made of, by name: what WINDOW defines, before it where it is defined there itself."""
    select = window.find_ancestor(exp.Select)
    found: dict[str, exp.Window] = {}
    for each in select.args.get("windows") or () if select is not None else ():
        if each is window:
            break
        found[window_key(each.this)] = each
    return found


def _order_of(window: exp.Window) -> exp.Expr | None:
    """Give the ORDER BY of a window, which may be that of the one it is made of."""
    order, name = window.args.get("order"), window.args.get("alias")
    if order is not None or not isinstance(name, exp.Identifier):
        return order
    found = _definitions_for(window).get(window_key(name))
    return None if found is None else _order_of(found)


def _arguments(node: exp.Anonymous) -> list[exp.Expr]:
    """Give the arguments of a call, those behind DISTINCT one by one."""
    first = node.expressions[0] if len(node.expressions) == 1 else None
    if isinstance(first, exp.Order):
        first = first.this
    if isinstance(first, exp.Distinct) and node.name.lower() != "count":
        return list(first.expressions)
    return list(node.expressions)


# Words of the grammar that no function has for its name.
_WORDS = frozenset({"array", "unnest"})

_TWO_OR_MORE = frozenset({"concat", "map_concat"})
