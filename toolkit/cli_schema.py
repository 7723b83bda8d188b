"""``toolkit schema``: publish, list, show, diff and check the schemas of a repository."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from toolkit.cli import EXIT_FOUND_FAULTS, EXIT_OK, add_repository_option, command_adder, named_schemas
from toolkit.errors import IncompatibleSchema, InvalidInput

if TYPE_CHECKING:
    from toolkit.repositories import Published, SchemaRepository
    from toolkit.schema import Schema


def add_schema_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``schema`` with its own commands; each stores the function that runs it as ``run``."""
    text = "publish, list, show, diff and check the schemas of a repository"
    group = commands.add_parser("schema", help=text, description=text.capitalize() + ".")
    command = command_adder(group.add_subparsers(metavar="COMMAND", required=True))

    made = command("publish", run_publish, "publish a schema as the next version of a name, if it breaks nobody")
    _add_document(made)
    add_repository_option(made)

    made = command("check", run_check, "say whether publish would take a schema, without publishing it")
    _add_document(made)
    add_repository_option(made)

    made = command("list", run_list, "list the names, or the versions of one name")
    made.add_argument("name", nargs="?", metavar="NAME", help="the name whose versions are listed")
    add_repository_option(made)

    made = command("show", run_show, "print one version with all that it refers to")
    made.add_argument("name", metavar="NAME[/VERSION]", help="by default the latest version")
    add_repository_option(made)

    made = command("diff", run_diff, "print what changed between two versions, and for whom that is compatible")
    made.add_argument("old", metavar="OLD", help="NAME/VERSION, or a schema document")
    made.add_argument("new", metavar="NEW", help="NAME/VERSION, NAME (the latest), or a schema document")
    _add_strictness(made)
    add_repository_option(made)


def _add_document(made: argparse.ArgumentParser) -> None:
    made.add_argument("document", metavar="DOCUMENT", help="the schema: a file, or a place in one (x.json#/$defs/y)")
    made.add_argument("--name", metavar="NAME", help="the event's name (made from the document's)")
    made.add_argument(
        "--level",
        type=str.upper,
        default="BACKWARD",
        metavar="LEVEL",
        help="the promised compatibility: BACKWARD (default), FORWARD, FULL, one of them with _TRANSITIVE, or NONE",
    )
    _add_strictness(made)


def _add_strictness(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "--no-strict", dest="strict", action="store_false", help="compare as if undeclared fields were accepted"
    )


def _target(options: argparse.Namespace) -> tuple[SchemaRepository, str, Schema]:
    from toolkit.cli import tell_advice
    from toolkit.repositories import event_name, open_repository
    from toolkit.schema import load_schema, read_documents

    registry = read_documents(options.documents)
    schema = load_schema(options.document, registry=registry)
    tell_advice(schema, options.document)
    repository = open_repository(options.repository, registry=registry, may_be_new=True)
    return repository, options.name or event_name(options.document), schema


def run_publish(options: argparse.Namespace) -> int:
    """Run ``toolkit schema publish``."""
    from toolkit.repositories import publish

    if not options.repository:
        raise InvalidInput("the sample schemas are no place to publish in: give --repository or SCHEMA_REPOSITORY")
    repository, name, schema = _target(options)
    try:
        outcome = publish(repository, name, schema, level=options.level, strict=options.strict)
    except IncompatibleSchema as error:
        print(error)
        return EXIT_FOUND_FAULTS
    print(_sentence(outcome, "published", "equals the latest version; nothing to publish"))
    return EXIT_OK


def run_check(options: argparse.Namespace) -> int:
    """Run ``toolkit schema check``."""
    from toolkit.repositories import check

    repository, name, schema = _target(options)
    try:
        outcome = check(repository, name, schema, level=options.level, strict=options.strict)
    except IncompatibleSchema as error:
        print(error)
        return EXIT_FOUND_FAULTS
    print(_sentence(outcome, "could be published", "equals the latest version"))
    return EXIT_OK


def _sentence(outcome: Published, done: str, same: str) -> str:
    text = f"{outcome.name}/{outcome.version} {done if outcome.is_new else same}"
    if outcome.compatibility is None or not outcome.compatibility.changes:
        return text
    return f"{text}; against the version before:\n{outcome.compatibility}"


def run_list(options: argparse.Namespace) -> int:
    """Run ``toolkit schema list``."""
    from toolkit.errors import SchemaNotFound
    from toolkit.repositories import open_repository

    repository = open_repository(options.repository)
    if options.name:
        versions = repository.versions(options.name)
        if not versions:
            raise SchemaNotFound(f"no schema named {options.name!r}", source=str(repository))
        print("\n".join(f"{options.name}/{version}" for version in versions))
        return EXIT_OK
    names = repository.names()
    width = max(map(len, names), default=0)
    print("\n".join(f"{name:{width}}  {', '.join(repository.versions(name))}" for name in names) or "no schemas")
    return EXIT_OK


def run_show(options: argparse.Namespace) -> int:
    """Run ``toolkit schema show``."""
    from toolkit.repositories.publishing import document_text
    from toolkit.schema import bundled

    (schema,) = named_schemas(options, options.name)
    print(document_text(bundled(schema)))
    return EXIT_OK


def run_diff(options: argparse.Namespace) -> int:
    """Run ``toolkit schema diff``; exit status 1 says that producers or readers would break."""
    from toolkit.hive import compatibility
    from toolkit.validator import compile_schema

    old, new = named_schemas(options, options.old, options.new)
    for schema in (old, new):
        # Says what is no schema, and where.
        compile_schema(schema, strict=options.strict)
    verdict = compatibility(old, new, strict=options.strict)
    print(verdict)
    return EXIT_OK if verdict.is_backward or verdict.is_forward else EXIT_FOUND_FAULTS
