"""
Which function a call means: Trino's signatures, and the choice among them by the types of the arguments.

``signatures.txt`` holds what SHOW FUNCTIONS of Trino 435 lists. The choice follows io.trino.metadata.FunctionBinder: a
signature that fits exactly, else the most specific of those that fit when arguments are coerced.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from toolkit.local.athena.hive_types import MAXIMUM_PRECISION, STRING, HiveType, trino_text
from toolkit.local.athena.sql.coercion import MAXIMUM_CHAR, as_decimal, can_become, common_type, is_orderable
from toolkit.local.athena.sql.functions import INTEGRAL, TEXT, UNKNOWN, Kind, precision_of, time_at, with_precision

# The type of an argument that is a lambda, before its result is known.
LAMBDA = HiveType("function")

# Functions that take values with an order alone: which of the type variables.
_ORDERED = frozenset({"array_max", "array_min", "greatest", "least", "max", "min"})
_ORDERED_KEY = {"max_by": "k", "min_by": "k"}

# Parameters that text becomes by itself.
_FROM_TEXT = frozenset({"joniregexp", "jsonpath", "codepoints"})
_NAMES = {"varchar": "string", "integer": "int", "real": "float", "varbinary": "binary", "row": "struct"}
_VARIABLE = re.compile(r"[A-Za-z]\d?\Z")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A type in a signature: a name, or a variable, and its parts; ``numbers`` are as written, letters among them."""

    name: str
    children: tuple[Parameter, ...] = ()
    numbers: tuple[str, ...] = ()

    @property
    def is_variable(self) -> bool:
        """Whether any type can stand here."""
        return bool(_VARIABLE.match(self.name))

    @property
    def is_generic(self) -> bool:
        """Whether a variable stands in it, for a type or a length."""
        return (
            self.is_variable
            or bool(self.numbers and not self.numbers[0].isdigit())
            or any(each.is_generic for each in self.children)
        )


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature of a function; ``is_variadic`` means that the last parameter may repeat."""

    name: str
    parameters: tuple[Parameter, ...]
    returns: Parameter
    is_variadic: bool = False

    def parameters_for(self, count: int) -> tuple[Parameter, ...] | None:
        """Give the parameters of a call with so many arguments, None if it can't have them."""
        if self.is_variadic and count >= len(self.parameters):
            return self.parameters + self.parameters[-1:] * (count - len(self.parameters))
        return self.parameters if count == len(self.parameters) else None


@dataclass(frozen=True, slots=True)
class Resolved:
    """A signature chosen for a call: the types that the arguments become, and what variables stand for."""

    signature: Signature
    kinds: tuple[HiveType, ...]
    variables: Mapping[str, HiveType]


# What Trino says of a call that it can't decide.
AMBIGUOUS = "Could not choose a best candidate operator. Explicit type casts must be added."


class NoSignature(Exception):
    """No signature of a function fits."""


class AmbiguousCall(Exception):
    """More than one signature fits, none better than the others."""


@cache
def signatures() -> dict[str, tuple[Signature, ...]]:
    """Give the signatures of every function of Trino, by name."""
    found: dict[str, list[Signature]] = {}
    for name in ("signatures.txt", "geospatial_signatures.txt"):
        for line in (files(__package__) / name).read_text().splitlines():
            if line and not line.startswith("#"):
                signature = _signature(line)
                found.setdefault(signature.name, []).append(signature)
    return {name: tuple(each) for name, each in found.items()}


@cache
def other_functions() -> dict[str, tuple[str, ...]]:
    """Give the names of the functions of Athena that SHOW FUNCTIONS does not list, by where they come from."""
    found: dict[str, tuple[str, ...]] = {}
    for line in (files(__package__) / "other_functions.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            group, _, names = line.partition(":")
            found[group] = (*found.get(group, ()), *names.split())
    return found


def resolve(name: str, kinds: Sequence[HiveType]) -> Resolved:
    """
    Choose the signature for a call with arguments of these types; ``LAMBDA`` stands for a lambda.

    Raises:
        NoSignature: none takes such arguments.
        AmbiguousCall: several do.
    """
    known = signatures().get(name, ())
    exact = [found for each in known if (found := _bound(each, kinds, is_exact=True)) is not None]
    plain = [each for each in exact if not any(p.is_generic for p in each.signature.parameters)]
    if plain or exact:
        return (plain or exact)[0]
    fitting = [found for each in known if (found := _bound(each, kinds, is_exact=False)) is not None]
    if not fitting:
        raise NoSignature
    best = _most_specific(fitting)
    if len(best) > 1 and UNKNOWN in kinds:
        only_unknown = [each for each in fitting if _casts_unknown_only(each, kinds)]
        best = only_unknown or best
        if len({_text(each.signature.returns) for each in best}) == 1:
            best = best[:1]
    if len(best) > 1:
        raise AmbiguousCall
    return best[0]


def lambda_parameters(resolved: Resolved, number: int) -> list[Kind]:
    """Give the types of the parameters of the lambda that is argument *number*, None for one not known yet."""
    parameters = resolved.signature.parameters[number].children[:-1]
    return [_instance(each, resolved.variables) for each in parameters]


def with_lambda(resolved: Resolved, number: int, result: HiveType) -> Resolved:
    """
    Give the call with the result of a lambda known.

    Raises:
        NoSignature: the function takes no lambda with such a result.
    """
    wanted = resolved.signature.parameters[number].children[-1]
    variables = dict(resolved.variables)
    if wanted.is_variable and wanted.name.lower() not in variables:
        variables[wanted.name.lower()] = result
        return Resolved(resolved.signature, resolved.kinds, variables)
    needed = _instance(wanted, variables)
    both = common_type(needed, result) if needed is not None and wanted.is_variable else None
    if both is not None and both != needed:
        # A state that starts as '' goes on as longer text.
        variables[wanted.name.lower()] = both
        given = zip(resolved.signature.parameters, resolved.kinds, strict=False)
        kinds = tuple(both if each.name.lower() == wanted.name.lower() else kind for each, kind in given)
        return Resolved(resolved.signature, kinds, variables)
    if needed is None or not can_become(result, needed) or (result.name == "unknown" and needed.name == "boolean"):
        raise NoSignature
    return resolved


def result_of(resolved: Resolved) -> Kind:
    """Give the type of a call's result, None if it is not known."""
    name, kinds = resolved.signature.name, resolved.kinds
    special = _RESULTS.get(name)
    if special is not None and kinds and kinds[0].name == "decimal":
        return special(kinds)
    if name == "replace" and len(kinds) == 3:
        return _replaced(kinds[0], kinds[2])
    if name in _LONGER and all(kind.is_text for kind in kinds[:1]):
        return STRING
    return _NAMED_ROWS.get(name) or _instance(resolved.signature.returns, resolved.variables)


def _replaced(text: HiveType, new: HiveType) -> HiveType:
    """Give the type of a text in which something is replaced: the new one may come before each letter and at the end."""
    if not (text.arguments and new.arguments):
        return STRING
    length = text.arguments[0] + new.arguments[0] * (text.arguments[0] + 1)
    return HiveType("varchar", (length,)) if length < _UNBOUNDED else STRING


# The length of a varchar without one.
_UNBOUNDED = 2_147_483_647


def _bound(signature: Signature, kinds: Sequence[HiveType], *, is_exact: bool) -> Resolved | None:
    parameters = signature.parameters_for(len(kinds))
    if parameters is None:
        return None
    variables: dict[str, HiveType] = {}
    for parameter, kind in zip(parameters, kinds, strict=True):
        _bind_number(parameter, kind, variables)
    # A letter that names an array's element takes the array's type before a lone element is measured by it.
    pairs = list(zip(parameters, kinds, strict=True))
    for parameter, kind in pairs:
        if not _unify(parameter, kind, variables, is_exact=is_exact):
            return None
    for parameter in parameters:
        if parameter.name != "function":
            _bind_unknown(parameter, variables)
    bound = []
    for parameter, kind in pairs:
        if parameter.name == "function":
            bound.append(kind)
            continue
        wanted = _wanted(parameter, kind, variables)
        if wanted is None or not (_same(kind, wanted) if is_exact else _takes(kind, wanted, parameter)):
            return None
        bound.append(wanted)
    if not _in_order(signature, variables, bound):
        return None
    return Resolved(signature, tuple(bound), variables)


def _unify(parameter: Parameter, kind: HiveType, variables: dict[str, HiveType], *, is_exact: bool) -> bool:
    if parameter.name == "function":
        return kind.name == "function"
    if kind.name == "function":
        return False
    if parameter.is_variable:
        name = parameter.name.lower()
        if name not in variables:
            variables[name] = kind
            return True
        if variables[name] == kind:
            return True
        found = None if is_exact else common_type(variables[name], kind)
        if found is not None:
            variables[name] = found
        return found is not None
    if kind.name == "unknown":
        return not is_exact
    name = _NAMES.get(parameter.name, parameter.name)
    if parameter.children:
        if kind.name != name or len(kind.children) != len(parameter.children):
            return False
        pairs = zip(parameter.children, kind.children, strict=True)
        return all(_unify(each, child, variables, is_exact=is_exact) for each, child in pairs)
    return True


def _bind_number(parameter: Parameter, kind: HiveType, variables: dict[str, HiveType]) -> None:
    """Let a letter that stands for a length or a precision be that of the argument."""
    if len(parameter.numbers) != 1 or parameter.numbers[0].isdigit():
        return
    letter = f"#{parameter.numbers[0]}"
    if kind.is_text and kind.arguments:
        variables.setdefault(letter, HiveType("", kind.arguments))
    elif precision_of(kind) >= 0:
        highest = max(precision_of(kind), variables[letter].arguments[0] if letter in variables else 0)
        variables[letter] = HiveType("", (highest,))


def _bind_unknown(parameter: Parameter, variables: dict[str, HiveType]) -> None:
    if parameter.is_variable:
        variables.setdefault(parameter.name.lower(), UNKNOWN)
    for each in parameter.children:
        _bind_unknown(each, variables)


def _wanted(parameter: Parameter, kind: HiveType, variables: Mapping[str, HiveType]) -> HiveType | None:
    """Give the type that an argument of that type becomes for a parameter."""
    name = _NAMES.get(parameter.name, parameter.name)
    match name:
        case "string" if kind.is_text and kind.name != "char" and parameter.numbers and not _length(parameter):
            return kind
        case "string":
            return HiveType("varchar", (int(parameter.numbers[0]),)) if _length(parameter) else STRING
        case "char":
            if kind.is_text and kind.name != "char":
                return HiveType("char", kind.arguments or (MAXIMUM_CHAR,))
            return kind if kind.name == "char" else None
        case "decimal":
            return as_decimal(kind) if kind.name in INTEGRAL or kind.name == "decimal" else None
        case "time with time zone" if kind.name == "time":
            return with_precision(time_at("UTC"), _precision(kind))
        case "timestamp" | "timestamp with time zone" | "time" | "time with time zone" if kind.name in (
            "date",
            "timestamp",
            name,
        ):
            return kind if kind.name == name else with_precision(HiveType(name), _precision(kind))
        case "joniregexp" | "jsonpath" | "codepoints":
            return kind if kind.name in TEXT or kind.name == "unknown" else None
    return _instance(parameter, variables)


def _precision(kind: HiveType) -> int:
    if kind.name == "date":
        return 0
    return kind.arguments[0] if kind.arguments else 3


def _length(parameter: Parameter) -> bool:
    return bool(parameter.numbers) and parameter.numbers[0].isdigit()


def _instance(parameter: Parameter, variables: Mapping[str, HiveType]) -> Kind:
    if parameter.is_variable:
        return variables.get(parameter.name.lower())
    name = _NAMES.get(parameter.name, parameter.name)
    if parameter.children:
        children = [_instance(each, variables) for each in parameter.children]
        known = tuple(each for each in children if each is not None)
        if len(known) < len(children):
            return None
        fields = tuple(f"field{number}" for number in range(len(known))) if name == "struct" else ()
        return HiveType(name, children=known, fields=fields)
    number = variables.get(f"#{parameter.numbers[0]}") if len(parameter.numbers) == 1 else None
    if name == "string":
        if number is not None:
            return HiveType("varchar", number.arguments)
        return HiveType("varchar", (int(parameter.numbers[0]),)) if _length(parameter) else STRING
    if number is not None:
        return (
            HiveType(name, number.arguments) if name == "char" else with_precision(HiveType(name), number.arguments[0])
        )
    numbers = tuple(int(each) for each in parameter.numbers if each.isdigit())
    if name in ("decimal", "char") and len(numbers) < len(parameter.numbers):
        return None
    if name in ("timestamp", "timestamp with time zone") and numbers:
        return with_precision(HiveType(name), numbers[0])
    return HiveType(name, numbers)


def _same(kind: HiveType, wanted: HiveType) -> bool:
    return kind == wanted or (kind.name == wanted.name and kind.name == "timestamp with time zone")


def _takes(kind: HiveType, wanted: HiveType, parameter: Parameter) -> bool:
    return parameter.name in _FROM_TEXT or kind == wanted or can_become(kind, wanted)


def _in_order(signature: Signature, variables: Mapping[str, HiveType], kinds: Sequence[HiveType]) -> bool:
    if signature.name in _ORDERED:
        return all(map(is_orderable, variables.values()))
    if signature.name == "array_sort" and len(kinds) == 1:
        return all(map(is_orderable, variables.values()))
    key = _ORDERED_KEY.get(signature.name)
    return key is None or is_orderable(variables.get(key))


def _most_specific(fitting: Sequence[Resolved]) -> list[Resolved]:
    best: list[Resolved] = []
    for each in fitting:
        if any(_is_more_specific(other, each) for other in best):
            continue
        best = [other for other in best if not _is_more_specific(each, other)]
        best.append(each)
    return best


def _is_more_specific(left: Resolved, right: Resolved) -> bool:
    return _bound(right.signature, left.kinds, is_exact=False) is not None and (
        _bound(left.signature, right.kinds, is_exact=False) is None
    )


def _casts_unknown_only(resolved: Resolved, kinds: Sequence[HiveType]) -> bool:
    return all(
        kind.name == "unknown" or _same(kind, wanted) for kind, wanted in zip(kinds, resolved.kinds, strict=True)
    )


def _whole(kinds: Sequence[HiveType]) -> HiveType:
    precision, scale = kinds[0].arguments
    return HiveType("decimal", (min(MAXIMUM_PRECISION, precision - scale + min(scale, 1)) or 1, 0))


def _rounded(kinds: Sequence[HiveType]) -> HiveType:
    if len(kinds) == 1:
        return _whole(kinds)
    precision, scale = kinds[0].arguments
    return HiveType("decimal", (min(MAXIMUM_PRECISION, precision + 1), scale))


def _truncated(kinds: Sequence[HiveType]) -> HiveType:
    precision, scale = kinds[0].arguments
    return kinds[0] if len(kinds) == 2 else HiveType("decimal", (max(1, precision - scale), 0))


def _added(kinds: Sequence[HiveType]) -> HiveType:
    return HiveType("decimal", (MAXIMUM_PRECISION, kinds[0].arguments[1]))


def _remainder(kinds: Sequence[HiveType]) -> HiveType:
    (p, s), (q, t) = kinds[0].arguments, kinds[1].arguments
    return HiveType("decimal", (min(p - s, q - t) + max(s, t) or 1, max(s, t)))


# Rows whose fields have names.
_NAMED_ROWS = {
    "bing_tile_coordinates": HiveType("struct", children=(HiveType("int"), HiveType("int")), fields=("x", "y"))
}

# Functions whose results may be longer than their arguments, by rules that no letter says.
_LONGER = frozenset({"regexp_replace", "render", "url_encode"})

# The results whose precision and scale are reckoned from the arguments'.
_RESULTS: dict[str, Callable[[Sequence[HiveType]], HiveType]] = {
    "abs": lambda kinds: kinds[0],
    "avg": lambda kinds: kinds[0],
    "ceil": _whole,
    "ceiling": _whole,
    "floor": _whole,
    "mod": _remainder,
    "round": _rounded,
    "sign": lambda kinds: HiveType("decimal", (1, 0)),
    "sum": _added,
    "truncate": _truncated,
}


def _signature(line: str) -> Signature:
    name, _, rest = line.partition("(")
    end = _end(rest)
    inside, returns = rest[:end], rest[end + 1 :].strip()
    is_variadic = inside.endswith("...")
    parts = _split(inside.removesuffix("..."))
    return Signature(name, tuple(_parameter(each) for each in parts), _parameter(returns), is_variadic)


def _end(text: str) -> int:
    """Give where the parenthesis that is open before a text is closed in it."""
    depth = 1
    for place, letter in enumerate(text):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth == 0:
            return place
    raise ValueError(text)


def _parameter(text: str) -> Parameter:
    found = re.fullmatch(r"(\w+(?: \w+)*?)(?:\((.*)\))?( with time zone)?", text)
    if found is None:
        raise ValueError(text)
    name, inside, zone = found[1], found[2], found[3] or ""
    if inside is None:
        return Parameter(name + zone)
    if name in ("array", "map", "row", "function", "qdigest"):
        return Parameter(name, tuple(_parameter(each) for each in _split(inside)))
    return Parameter(name + zone, numbers=tuple(each.strip() for each in inside.split(",")))


def _split(text: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(text):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            parts.append(text[start:place].strip())
            start = place + 1
    return [*parts, text[start:].strip()] if text.strip() else []


def _text(parameter: Parameter) -> str:
    return f"{parameter.name}({', '.join(map(_text, parameter.children))}{','.join(parameter.numbers)})"


def shown(kinds: Sequence[HiveType]) -> str:
    """Give the types of arguments as Trino's messages list them."""
    return ", ".join("<function>" if kind.name == "function" else trino_text(kind) for kind in kinds)


def expected_signatures(name: str) -> str:
    """Give the signatures of a function as messages list them."""
    return ", ".join(
        f"{name}({', '.join(each.name for each in signature.parameters)})" for signature in signatures().get(name, ())
    )
