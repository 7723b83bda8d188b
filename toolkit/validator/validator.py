"""The validator: what `compile_schema` returns."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator

from toolkit.dataclass import replace
from toolkit.schema import DRAFT2020_12, Dialect, Schema, SchemaLike, as_schema
from toolkit.schema.pointer import pointer_from_tokens
from toolkit.validator.checking import check_cycles, check_schemas
from toolkit.validator.compiler import Compiler, Options, Purpose
from toolkit.validator.decoding import decode
from toolkit.validator.error import ValidationError, best_match, counted_path
from toolkit.validator.foreign import ForeignType, NotJson, plain
from toolkit.validator.numbers import minds_long_integers
from toolkit.validator.reporting import Limits, collected, places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from toolkit.validator.bulk.learning import Learner
    from toolkit.validator.decoding import DuplicateKeys

# What a generated function raises at values that are no plain JSON, and at keys that are no text.
_NOT_PLAIN = (ForeignType, TypeError, AttributeError)


class Validator:
    """
    Judges instances by one schema; made by `compile_schema`.

    It may be shared by threads and pickled. Instances are what ``json.loads`` returns; mappings, tuples, UserStrings and
    integral Decimals are taken for what they stand for.
    """

    _report: Callable[[Any, None, None, list[Any]], None]
    # What the bulk path keeps from one run to the next: its line templates, and how many lines there were.
    learner: Learner | None = None
    lines_judged = 0

    def __init__(
        self,
        schema: Schema,
        *,
        strict: bool,
        formats: bool | None,
        duplicate_keys: DuplicateKeys,
        limits: Limits,
        checked: bool = True,
    ) -> None:
        self.schema = schema
        self.strict = strict
        self.formats = formats
        self.duplicate_keys = duplicate_keys
        self._limits = limits
        self._compiler = Compiler(schema, Options(strict=strict, formats=formats))
        reachable = list(self._compiler.reachable())
        self._compiler.note_size(len(reachable))
        if checked:
            check_schemas(self._compiler, reachable)
            check_cycles(self._compiler, reachable)
        compiler = self._compiler
        scope = compiler.entered(schema, ())
        self._compiler.space.values["again"] = self._judged_closely
        # The generated function stands in for the method: a call less for each event.
        self.__dict__["is_valid"] = self._compiler.compiled(schema, Purpose("verdict", scope, raising=True))
        compiler.enter(self.__dict__, "_report", compiler.name(schema, Purpose("report", scope, strict=strict)))
        if self._compiler.needs_all:
            self._compiler.compile_pending()

    def __repr__(self) -> str:
        return f"<Validator of {self.schema.uri or 'a schema'}{', strict' if self.strict else ''}>"

    def __reduce__(self) -> tuple[Any, ...]:
        options = (self.strict, self.formats, self.duplicate_keys, self._limits)
        return _unpickled, (self.schema, *options)

    @property
    def source(self) -> str:
        """The text of every generated function, for reading; the values it names are bound apart from it."""
        self._compiler.unfold_all()
        self._compiler.compile_pending()
        return "\n\n".join(self._compiler.space.texts.values())

    def is_valid(self, instance: Any) -> bool:
        """Tell whether *instance* is valid, without saying why not."""
        verdict: bool = self.__dict__["is_valid"](instance)
        return verdict

    def iter_errors(self, instance: Any) -> Iterator[ValidationError]:
        """Return every reason why *instance* is not valid; none if it is."""
        return iter(self._errors(instance, self._limits))

    def error_places(self, instance: Any) -> list[tuple[tuple[str | int, ...], str]]:
        """
        Return the path and the keyword of each error in *instance*, which is all that a count of them needs.

        The path of a missing field leads to where it should be.
        """
        try:
            found = places(self._report, instance, self._limits)
        except (*_NOT_PLAIN, RecursionError):
            found = []
        keywords = [(counted_path(path, site.missing), site.keyword) for path, site in found]
        # Two keywords may have refused the same field, or it was not looked at: then the whole report tells.
        if found and not (self.strict and any(site.suffix and site.keyword in _ALREADY_REPORTED for _, site in found)):
            return keywords
        return [
            (counted_path(error.path, error.missing), error.keyword) for error in self._errors(instance, self._limits)
        ]

    def first_error(self, instance: Any) -> ValidationError | None:
        """Return one reason why *instance* is not valid, the first in the order of the schema; None if it is valid."""
        return next(iter(self._errors(instance, replace(self._limits, most_errors=1))), None)

    def best_error(self, instance: Any) -> ValidationError | None:
        """Return the reason that most likely names the cause; see `best_match`. None if *instance* is valid."""
        return best_match(self._errors(instance, self._limits))

    def validate_json(self, data: bytes | bytearray | memoryview | str) -> tuple[ValidationError, ...]:
        """
        Return every reason why the JSON text *data* is not valid; an empty tuple if it is.

        A text that is no JSON is one error whose keyword is in ``TEXT_KEYWORDS``, with its line and column.
        """
        exact = self.minds_long_integers
        decoded = decode(data, duplicate_keys=self.duplicate_keys, exact=exact)
        if decoded.error:
            return (decoded.error,)
        if self.__dict__["is_valid"](decoded.value):
            return ()
        if not exact:
            # The reasons tell an integer from a float.
            decoded = decode(data, duplicate_keys=self.duplicate_keys)
        return self._errors(decoded.value, self._limits)

    @functools.cached_property
    def minds_long_integers(self) -> bool:
        """Whether an integer beyond 64 bits has to be read exactly for a verdict, and not as the float nearest to it."""
        return minds_long_integers(self._compiler.reachable())

    def _judged_closely(self, instance: Any) -> bool:
        """Judge an instance that a generated function could not."""
        return not self._errors(instance, replace(self._limits, most_errors=1))

    def _errors(self, instance: Any, limits: Limits) -> tuple[ValidationError, ...]:
        try:
            errors = collected(self._report, instance, limits)
        except _NOT_PLAIN:
            try:
                errors = collected(self._report, plain(instance), limits)
            except NotJson as error:
                return (_not_json(error),)
        except RecursionError:
            return self._errors_on_a_fresh_stack(instance, limits)
        return tuple(_reported_once(errors) if self.strict else errors)

    def _errors_on_a_fresh_stack(self, instance: Any, limits: Limits) -> tuple[ValidationError, ...]:
        """Try again where the caller has used nothing of the stack yet, so that the verdict is not the caller's."""
        import threading

        self._compiler.unfold_all()
        outcome: list[tuple[ValidationError, ...]] = []

        def run() -> None:
            try:
                try:
                    errors = collected(self._report, instance, limits)
                except _NOT_PLAIN:
                    errors = collected(self._report, plain(instance), limits)
                outcome.append(tuple(_reported_once(errors) if self.strict else errors))
            except NotJson as error:
                outcome.append((_not_json(error),))
            except RecursionError:
                outcome.append((ValidationError("", "", "depth", "less nesting", "nesting too deep to judge", ()),))

        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
        return outcome[0]


def _reported_once(errors: list[ValidationError]) -> list[ValidationError]:
    """Leave out the undeclared fields that a keyword of the schema, at their own place, refused as well."""
    locations = set()
    for error in errors:
        if error.keyword in _ALREADY_REPORTED and error.keyword_location:
            locations.add(error.instance_location)
    if not locations:
        return errors
    return [error for error in errors if error.keyword_location or error.instance_location not in locations]


_ALREADY_REPORTED = frozenset({"additionalProperties", "unevaluatedProperties"})


def compile_schema(
    schema: SchemaLike,
    *,
    strict: bool = False,
    formats: bool | None = None,
    duplicate_keys: DuplicateKeys = "accept",
    show_values: bool = False,
    most_errors: int = 1000,
    default_dialect: Dialect = DRAFT2020_12,
) -> Validator:
    """
    Return the validator of *schema*.

    With *strict* a field that no schema declares at its place is refused, at every depth; the rule is told in
    docs/validation.md. *formats* says whether ``format`` decides; by default it does in drafts 4 to 7 and v1, and
    informs in 2019-09 and 2020-12 (`Dialect.asserts_format`). *duplicate_keys* says whether a text with a key twice in
    one object is refused. *show_values* lets errors quote what they found; *most_errors* is where their collection
    ends. *default_dialect* is that of a mapping without ``$schema``.

    Raises:
        SchemaError: the schema is not valid under its metaschema (with the pointer), has a pattern that can't be
            read or not be matched in bounded time, or is nested too deep.
        UnresolvableReference: a reference that can be reached leads nowhere.
    """
    schema = as_schema(schema, default_dialect=default_dialect)
    limits = Limits(most_errors, show_values)
    return Validator(schema, strict=strict, formats=formats, duplicate_keys=duplicate_keys, limits=limits)


def compile_unchecked(schema: Schema) -> Validator:
    """Return the validator of a metaschema, which is known to be a schema; what it finds in schemas is nobody's data."""
    limits = Limits(show_values=True)
    return Validator(schema, strict=False, formats=False, duplicate_keys="accept", limits=limits, checked=False)


def _unpickled(
    schema: Schema, strict: bool, formats: bool | None, duplicate_keys: DuplicateKeys, limits: Limits
) -> Validator:
    return Validator(schema, strict=strict, formats=formats, duplicate_keys=duplicate_keys, limits=limits)


def _not_json(error: NotJson) -> ValidationError:
    return ValidationError(pointer_from_tokens(error.path), "", "type", "a JSON value", error.type_name, error.path)
