"""The validator: what `compile_schema` returns."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from toolkit.errors import SchemaError
from toolkit.schema import DRAFT2020_12, Dialect, Schema, load_schema
from toolkit.schema.pointer import pointer_from_tokens
from toolkit.validator.compiler import Compiler, Options, Purpose
from toolkit.validator.declared import undeclared
from toolkit.validator.decoding import DuplicateKeys, decode
from toolkit.validator.error import ValidationError
from toolkit.validator.foreign import ForeignType, NotJson, plain
from toolkit.validator.objects import NO_FIELD
from toolkit.validator.patterns import pattern_search
from toolkit.validator.wording import found_phrase, json_text, type_name


class Validator:
    """
    Judges instances by one schema; made by `compile_schema`.

    It may be shared by threads and pickled. Instances are what ``json.loads`` returns; mappings, tuples and integral
    Decimals are taken for what they stand for.
    """

    _check: Callable[[Any], bool]
    _report: Callable[[Any, None, None, list[Any]], None]

    def __init__(
        self, schema: Schema, *, strict: bool, formats: bool | None, duplicate_keys: DuplicateKeys, show_values: bool
    ) -> None:
        self.schema = schema
        self.strict = strict
        self.formats = formats
        self.duplicate_keys = duplicate_keys
        self.show_values = show_values
        self._compiler = Compiler(schema, Options(strict=strict, formats=formats))
        for reachable in self._compiler.reachable():
            _check_patterns(reachable)
        scope = self._compiler.entered(schema, ())
        self._compiler.space.values["again"] = self._judged_closely
        # The generated function stands in for the method: a call less for each event.
        self.__dict__["is_valid"] = self._compiler.compiled(schema, Purpose("verdict", scope))
        for attribute, kind in (("_check", "check"), ("_report", "report")):
            self._compiler.enter(self.__dict__, attribute, self._compiler.name(schema, Purpose(kind, scope)))
        if self._compiler.needs_all:
            self._compiler.compile_pending()

    def __repr__(self) -> str:
        return f"<Validator of {self.schema.uri or 'a schema'}{', strict' if self.strict else ''}>"

    def __reduce__(self) -> tuple[Any, ...]:
        options = (self.strict, self.formats, self.duplicate_keys, self.show_values)
        return _unpickled, (self.schema, *options)

    @property
    def source(self) -> str:
        """The text of every generated function, for reading; the values it names are bound apart from it."""
        self._compiler.compile_pending()
        return "\n\n".join(self._compiler.space.texts.values())

    def is_valid(self, instance: Any) -> bool:
        """Tell whether *instance* is valid, without saying why not."""
        verdict: bool = self.__dict__["is_valid"](instance)
        return verdict

    def iter_errors(self, instance: Any) -> Iterator[ValidationError]:
        """Yield every reason why *instance* is not valid; nothing if it is."""
        yield from self._errors(instance)

    def validate_json(self, data: bytes | bytearray | memoryview | str) -> tuple[ValidationError, ...]:
        """
        Return every reason why the JSON text *data* is not valid; an empty tuple if it is.

        A text that is no JSON is one error whose keyword is in ``TEXT_KEYWORDS``, with its line and column.
        """
        decoded = decode(data, duplicate_keys=self.duplicate_keys)
        return (decoded.error,) if decoded.error else self._errors(decoded.value)

    def _judged_closely(self, instance: Any) -> bool:
        """Judge an instance that a generated function could not."""
        return not self._errors(instance)

    def _errors(self, instance: Any) -> tuple[ValidationError, ...]:
        try:
            return self._collected(instance)
        except ForeignType:
            try:
                return self._collected(plain(instance))
            except NotJson as error:
                return (_not_json(error),)
        except RecursionError:
            return self._errors_on_a_fresh_stack(instance)

    def _errors_on_a_fresh_stack(self, instance: Any) -> tuple[ValidationError, ...]:
        """Try again where the caller has used nothing of the stack yet, so that the verdict is not the caller's."""
        outcome: list[tuple[ValidationError, ...]] = []

        def run() -> None:
            try:
                try:
                    outcome.append(self._collected(instance))
                except ForeignType:
                    outcome.append(self._collected(plain(instance)))
            except NotJson as error:
                outcome.append((_not_json(error),))
            except RecursionError:
                outcome.append((ValidationError("", "", "depth", "less nesting", "nesting too deep to judge", ()),))

        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
        return outcome[0]

    def _collected(self, instance: Any) -> tuple[ValidationError, ...]:
        if not self._check(instance):
            raw: list[Any] = []
            self._report(instance, None, None, raw)
            errors = [self._converted(entry) for entry in raw]
        else:
            errors = []
        if self.strict:
            known = {error.instance_location for error in errors if error.keyword in _ALREADY_REPORTED}
            for path, value in undeclared(self._compiler, instance):
                location = pointer_from_tokens(path)
                if location not in known:
                    errors.append(
                        ValidationError(location, "", "unevaluatedProperties", NO_FIELD, self._found("", value), path)
                    )
        return tuple(errors)

    def _converted(self, raw: Any) -> ValidationError:
        path, keywords, keyword, expected, value, found, branches = raw
        tokens = _unlinked(path)
        context: list[ValidationError] = []
        for function, branch_keywords in branches or ():
            errors: list[Any] = []
            function(value, path, branch_keywords, errors)
            context.extend(self._converted(error) for error in errors)
        return ValidationError(
            pointer_from_tokens(tokens),
            "".join(_unlinked(keywords)),
            keyword,
            expected,
            found or self._found(keyword, value),
            tokens,
            context=tuple(context),
        )

    def _found(self, keyword: str, value: Any) -> str:
        phrase = found_phrase(keyword, value)
        return f"{phrase} {json_text(value)}" if self.show_values else phrase


_ALREADY_REPORTED = frozenset({"additionalProperties", "unevaluatedProperties"})


def compile_schema(
    schema: Schema | Mapping[str, Any] | bool,
    *,
    strict: bool = False,
    formats: bool | None = None,
    duplicate_keys: DuplicateKeys = "accept",
    show_values: bool = False,
    default_dialect: Dialect = DRAFT2020_12,
) -> Validator:
    """
    Return the validator of *schema*.

    With *strict* a field that no schema declares at its place is refused, at every depth; the rule is told in
    docs/validation.md. *formats* says whether ``format`` decides; by default it does in drafts 4 to 7 and v1, and
    informs in 2019-09 and 2020-12 (`Dialect.asserts_format`). *duplicate_keys* says whether a text with a key twice in
    one object is refused. *show_values* lets errors quote what they found. *default_dialect* is that of a mapping
    without ``$schema``.

    Raises:
        SchemaError: the schema is not valid, or has a pattern that can't be read.
        UnresolvableReference: a reference that can be reached leads nowhere.
    """
    if not isinstance(schema, Schema):
        if not isinstance(schema, Mapping | bool):
            raise SchemaError(f"expected an object or a boolean as schema, found {type_name(schema)}")
        schema = load_schema(schema, default_dialect=default_dialect)
    return Validator(schema, strict=strict, formats=formats, duplicate_keys=duplicate_keys, show_values=show_values)


def _unpickled(
    schema: Schema, strict: bool, formats: bool | None, duplicate_keys: DuplicateKeys, show_values: bool
) -> Validator:
    return Validator(schema, strict=strict, formats=formats, duplicate_keys=duplicate_keys, show_values=show_values)


def _check_patterns(schema: Schema) -> None:
    contents = schema.contents
    if isinstance(contents, dict):
        if isinstance(contents.get("pattern"), str) and "pattern" in schema.dialect.keywords:
            pattern_search(contents["pattern"], pointer=f"{schema.pointer}/pattern", source=schema.base_uri)
        if isinstance(contents.get("patternProperties"), dict):
            for pattern in contents["patternProperties"]:
                pattern_search(pattern, pointer=f"{schema.pointer}/patternProperties", source=schema.base_uri)


def _unlinked(pair: Any) -> tuple[Any, ...]:
    tokens = []
    while pair is not None:
        pair, token = pair
        tokens.append(token)
    return tuple(reversed(tokens))


def _not_json(error: NotJson) -> ValidationError:
    return ValidationError(pointer_from_tokens(error.path), "", "type", "a JSON value", error.type_name, error.path)
