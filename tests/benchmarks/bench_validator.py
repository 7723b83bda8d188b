"""
How fast is a verdict, a report, a file and a compilation, beside jsonschema-rs, fastjsonschema, jsonschema and msgspec?

Run by hand: ``python tests/benchmarks/bench_validator.py [verdicts floor errors bulk processes compile start]``. Contenders take
turns, and the best of many rounds counts for each, so that ratios mean something on a busy machine; still they drift by a
tenth from run to run. Ratios are speeds: 2× is twice as fast as the other. What the tables say is told in
docs/validation-speed.md.
"""

from __future__ import annotations

import argparse
import copy
import functools
import gc
import json
import math
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import fastjsonschema
import jsonschema
import jsonschema_rs
import msgspec
import orjson
from shapes import D7, SHAPES, broken, closed

from toolkit.validator import compile_schema, validate_ndjson
from toolkit.validator.source import _compiled

ROOT = Path(__file__).parents[2]
WEBHOOKS = Path(os.environ.get("TOOLKIT_TEST_DATA") or ROOT.parent / "shared/data") / "github-webhooks"
NAN = math.nan


def best(
    contenders: dict[str, Callable[[], Any]],
    rounds: int,
    *,
    clock: Callable[[], float] = time.process_time,
    cleanly: bool = False,
) -> dict[str, float]:
    """
    Return the shortest time of each contender in seconds, taken in turns; by default that of the processor.

    With *cleanly* none of them has to collect the garbage of others.
    """
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, function in contenders.items():
            if cleanly:
                gc.collect()
            started = clock()
            function()
            times[name].append(clock() - started)
    return {name: min(found) for name, found in times.items()}


def mean(ratios: Iterable[float]) -> float:
    """Return the geometric mean."""
    logarithms = [math.log(ratio) for ratio in ratios]
    return math.exp(sum(logarithms) / len(logarithms))


def row(title: str, cells: Iterable[str], width: int = 12) -> None:
    print(f"{title:<{width}}" + "".join(f"{cell:>11}" for cell in cells), flush=True)


def each(judge: Callable[[Any], Any], events: list[Any]) -> Callable[[], None]:
    def run() -> None:
        for event in events:
            judge(event)

    return run


def made(shape: str, count: int) -> tuple[dict[str, Any], list[Any], list[bytes]]:
    """Return the schema of *shape*, events of it as a decoder returns them, and their texts."""
    schema, make = SHAPES[shape]
    source = random.Random(1)
    texts = [orjson.dumps(make(source)) for _ in range(count)]
    return {"$schema": D7, **schema}, [orjson.loads(text) for text in texts], texts


def structure(schema: dict[str, Any], name: str = "Event") -> Any:
    """Return the msgspec type of *schema*, or raise KeyError where it has none; only types are compared."""
    if "$ref" in schema:
        raise KeyError("recursive")
    types = schema.get("type", "string")
    if types == "object":
        fields = []
        for key, value in schema["properties"].items():
            kind = structure(value, f"{name}_{key}")
            fields.append((key, kind) if key in schema["required"] else (key, kind | msgspec.UnsetType, msgspec.UNSET))
        return msgspec.defstruct(name, fields, forbid_unknown_fields=True)
    if types == "array":
        return list[structure(schema["items"], f"{name}_item")]  # type: ignore[misc]
    if isinstance(types, list):
        return str | None
    return {"string": str, "integer": int, "number": float, "boolean": bool}[types]


def verdicts(arguments: argparse.Namespace) -> None:
    """``is_valid`` on decoded events: the schema as it is, and closed at every object, which is what strict mode says."""
    print("\nverdicts, µs for one event; `strict` judges by the open schema, and its peers by the closed one")
    row("", ("toolkit", "rs", "fast", "jsonschema", "strict", "rs closed", "fast closed", "msgspec", "orjson"))
    ratios = []
    for shape in SHAPES:
        schema, events, texts = made(shape, arguments.events)
        shut = closed(schema)
        judges: dict[str, Callable[[Any], Any]] = {
            "toolkit": compile_schema(schema).is_valid,
            "rs": jsonschema_rs.validator_for(schema).is_valid,
            "fast": fastjsonschema.compile(copy.deepcopy(schema)),
            "strict": compile_schema(schema, strict=True).is_valid,
            "rs closed": jsonschema_rs.validator_for(shut).is_valid,
            "fast closed": fastjsonschema.compile(copy.deepcopy(shut)),
        }
        assert all(judge(event) is not False for judge in judges.values() for event in events)
        runs = {name: each(judge, events) for name, judge in judges.items()}
        try:
            runs["msgspec"] = each(msgspec.json.Decoder(structure(schema)).decode, texts)
        except KeyError:
            runs["msgspec"] = each(lambda text: None, [])
        runs["orjson"] = each(orjson.loads, texts)
        found = best(runs, arguments.rounds)
        slow = best({"": each(jsonschema.Draft7Validator(schema).is_valid, events[:20])}, 3)[""] / 20 * len(events)
        found |= {"jsonschema": slow, "msgspec": found["msgspec"] if "$ref" not in schema else NAN}
        names = ("toolkit", "rs", "fast", "jsonschema", "strict", "rs closed", "fast closed", "msgspec", "orjson")
        row(shape, (f"{found[name] / len(events) * 1e6:.2f}" for name in names))
        ratios.append(
            (
                found["rs"] / found["toolkit"],
                found["fast"] / found["toolkit"],
                found["rs closed"] / found["strict"],
                found["fast closed"] / found["strict"],
            )
        )
    row("", ("beside rs", "fast", "strict/rs", "strict/fast"))
    for shape, shown in zip(SHAPES, ratios, strict=True):
        row(shape, (f"{ratio:.2f}×" for ratio in shown))
    row("geom. mean", (f"{mean(column):.2f}×" for column in zip(*ratios[1:], strict=True)))


def errors(arguments: argparse.Namespace) -> None:
    """All errors of an event with three faults."""
    print("\nall errors, µs for one event with three faults")
    row("", ("toolkit", "strict", "rs", "beside rs", "strict/rs"))
    ratios = []
    for shape in SHAPES:
        schema, events, _ = made(shape, arguments.events)
        shut, wrong = closed(schema), [broken(event) for event in events]
        ours, strict = compile_schema(shut), compile_schema(schema, strict=True)
        theirs = jsonschema_rs.validator_for(shut)
        assert all(list(judge.iter_errors(event)) for judge in (ours, strict, theirs) for event in wrong)
        judges = {"toolkit": ours, "strict": strict, "rs": theirs}
        runs = {
            name: each(lambda event, judge=judge: list(judge.iter_errors(event)), wrong)
            for name, judge in judges.items()
        }
        found = best(runs, arguments.rounds)
        ratios.append((found["rs"] / found["toolkit"], found["rs"] / found["strict"]))
        times = [f"{seconds / len(wrong) * 1e6:.2f}" for seconds in found.values()]
        row(shape, (*times, *(f"{ratio:.2f}×" for ratio in ratios[-1])))
    row("geom. mean", ("", "", "", *(f"{mean(column):.2f}×" for column in zip(*ratios, strict=True))))


FLAT_BY_HAND = " and ".join(f"type(event['field_{n}']) is {('str', 'int', 'float', 'bool')[n % 4]}" for n in range(20))
SPARSE_TYPES = {"id": str} | {f"option_{n}": (str, int, float, bool)[n % 4] for n in range(40)}


def sparse_by_hand(event: Any) -> bool:
    """The same for a sparse event: the type of each field that is there is looked up and compared."""
    types = SPARSE_TYPES
    for key in event:
        if type(event[key]) is not types[key]:
            return False
    return "id" in event


def formats_by_hand(event: Any) -> bool:
    """The same for texts: they are joined and matched at once, by a pattern that looks at no more than the length of each."""
    texts = "\n".join(
        (event["id"], event["at"], event["day"], event["email"], event["ip"], event["link"], event["code"])
    )
    return ANY_TEXTS(texts) is not None


ANY_TEXTS = re.compile(r"[^\n]*+(?:\n[^\n]*+){6}").fullmatch


def floor(arguments: argparse.Namespace) -> None:
    """What Python itself takes: functions by hand that judge less than the schema asks for."""
    # The least that can be said about a flat event in Python: every field is read, and its type compared. Code that names the
    # fields keeps validators from having the very keys that orjson hands out, so there is none before this.
    flat_by_hand = eval(f"lambda event: len(event) == 20 and {FLAT_BY_HAND}")
    print("\nby hand, µs for one event; less than the schema asks, and no more than these events need")
    row("", ("by hand", "strict", "rs closed", "hand/rs"))
    for shape, judge in (("flat", flat_by_hand), ("sparse", sparse_by_hand), ("formats", formats_by_hand)):
        schema, events, _ = made(shape, arguments.events)
        assert all(map(judge, events))
        judges = (
            judge,
            compile_schema(schema, strict=True).is_valid,
            jsonschema_rs.validator_for(closed(schema)).is_valid,
        )
        found = list(
            best({str(index): each(one, events) for index, one in enumerate(judges)}, arguments.rounds).values()
        )
        row(shape, (*(f"{seconds / len(events) * 1e6:.2f}" for seconds in found), f"{found[2] / found[0]:.2f}×"))


def judged_by(judge: Callable[[Any], bool]) -> Callable[[bytes], tuple[int, int]]:
    """Return what people write today: split, decode, judge, count."""

    def run(data: bytes) -> tuple[int, int]:
        valid = invalid = 0
        for line in data.split(b"\n"):
            if line:
                try:
                    accepted = judge(orjson.loads(line))
                except orjson.JSONDecodeError:
                    accepted = False
                if accepted:
                    valid += 1
                else:
                    invalid += 1
        return valid, invalid

    return run


def loaded(data: bytes) -> None:
    for line in data.split(b"\n"):
        if line:
            orjson.loads(line)


def bulk(arguments: argparse.Namespace) -> None:
    """Bytes to verdicts in one process, with none and with one in a hundred of the lines refused."""
    print("\nbulk, µs for one line; `generic` is the toolkit without line templates")
    row("", ("toolkit", "generic", "orjson+rs", "orjson", "beside rs", "generic/rs", "by template"), 18)
    for shape in SHAPES:
        schema, events, texts = made(shape, 2000)
        shut = closed(schema)
        for spoilt in (0, 1):
            lines = [orjson.dumps(broken(event)) if spoilt and index % 100 == 7 else text
                     for index, (event, text) in enumerate(zip(events, texts, strict=True))]  # fmt: skip
            data = b"\n".join(lines) + b"\n"
            data *= max(1, arguments.megabytes * 1_000_000 // len(data))
            validator = compile_schema(schema, strict=True)
            report = validate_ndjson(data, validator)
            theirs = judged_by(jsonschema_rs.validator_for(shut).is_valid)
            assert theirs(data) == (report.valid, report.invalid)
            found = best(
                {
                    "toolkit": functools.partial(validate_ndjson, data, compile_schema(schema, strict=True)),
                    "generic": functools.partial(validate_ndjson, data, validator, templates=False),
                    "rs": functools.partial(theirs, data),
                    "orjson": functools.partial(loaded, data),
                },
                5,
            )
            times = [f"{seconds / report.total * 1e6:.2f}" for seconds in found.values()]
            ratios = (f"{found['rs'] / found[name]:.2f}×" for name in ("toolkit", "generic"))
            row(f"{shape}, {spoilt} % refused", (*times, *ratios, f"{report.fast_lines / report.total:.0%}"), 18)


def processes(arguments: argparse.Namespace) -> None:
    """Files of two sizes by one process and by two, with a validator that has learned nothing yet."""
    print("\nprocesses, seconds for one file")
    row("", ("size, MB", "one", "two", "two/one"))

    def run(schema: Any, path: Path, number: int) -> None:
        validate_ndjson(path, compile_schema(schema, strict=True), processes=number)

    for shape, size in ((shape, size) for shape in ("flat", "nested") for size in (15, 75)):
        schema, _, texts = made(shape, 2000)
        data = b"\n".join(texts) + b"\n"
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "events.ndjson"
            with path.open("wb") as file:
                for _ in range(arguments.megabytes * size * 1_000_000 // len(data)):
                    file.write(data)
            runs = {str(n): functools.partial(run, schema, path, n) for n in (1, 2)}
            found = best(runs, 5, clock=time.perf_counter)
            times = [f"{seconds:.2f}" for seconds in found.values()]
            row(shape, (f"{path.stat().st_size / 1e6:.0f}", *times, f"{found['1'] / found['2']:.2f}×"))


def large_schema(fields: int) -> dict[str, Any]:
    """Return a schema of *fields* objects with five fields each, every one behind a reference."""
    definitions = {
        f"part_{index}": SHAPES["seed"][0] | {"required": [], "title": f"part {index}"} for index in range(fields)
    }
    properties = {f"field_{index}": {"$ref": f"#/definitions/part_{index}"} for index in range(fields)}
    return {"$schema": D7, "type": "object", "properties": properties, "definitions": definitions}


def other_large_schemas() -> dict[str, tuple[Any, Any]]:
    """Return large schemas without definitions, and an event that has every field of them."""

    def levels(depth: int) -> Any:
        more = {"b": {"type": "integer"}, "c": {"type": "string"}}
        below = {"a": levels(depth - 1)} if depth else {}
        return {"type": "object", "required": list(below), "properties": below | more}

    def tree(depth: int) -> Any:
        below = {f"k{index}": tree(depth - 1) for index in range(5)} if depth else {}
        return (
            {"type": "object", "properties": below, "required": ["k0"]} if depth else {"type": "string", "minLength": 1}
        )

    def leaves(depth: int) -> Any:
        return {f"k{index}": leaves(depth - 1) for index in range(5)} if depth else "x"

    def fields(count: int, schema: Callable[[int], Any]) -> Any:
        return {"type": "object", "properties": {f"f{index}": schema(index) for index in range(count)}}

    def each(count: int, value: Any) -> Any:
        return {f"f{index}": value for index in range(count)}

    def one_of_its_own(number: int) -> Any:
        """Return the schema of an object that is like no other."""
        properties = {
            "a": {"type": "string", "maxLength": number + 1},
            "b": {"type": "integer", "minimum": -number},
            "c": {"enum": ["x", str(number)]},
            "d": {"type": "array", "items": {"type": "number"}, "maxItems": number + 2},
            "e": {"type": "string", "pattern": f"^x{{1,{number + 1}}}$"},
        }
        return {"type": "object", "properties": properties, "required": ["a", "b"]}

    part = {"a": {"type": "string"}, "b": {"type": "integer"}, "c": {"type": "array", "items": {"type": "string"}}}
    whole = {"type": "object", "properties": part, "required": ["a"]}
    own = {"a": "x", "b": 1, "c": "x", "d": [1.5, 2], "e": "x"}
    links = {f"d{n}": fields(1, lambda _, n=n: {"$ref": f"#/definitions/d{n + 1}"}) for n in range(200)}
    event, deep = {"a": "x", "b": 1, "c": ["x"]}, functools.reduce(lambda below, _: {"a": below, "b": 1}, range(18), {})
    found = {
        "1,000 fields": (
            fields(1000, lambda _: {"type": "string"}),
            dict.fromkeys((f"f{n}" for n in range(1000)), "x"),
        ),
        "500 with limits": (
            fields(500, lambda n: {"type": "string", "minLength": 1, "maxLength": 20 + n}),
            {f"f{n}": "x" for n in range(500)},
        ),
        "300 numbers with limits": (
            fields(300, lambda n: {"type": "number", "minimum": -n, "maximum": n + 1}),
            each(300, 0.5),
        ),
        "200 patterns": (
            fields(200, lambda n: {"type": "string", "pattern": f"^[A-Z]{{2}}-[0-9]{{1,{n + 1}}}$"}),
            each(200, "AB-1"),
        ),
        "200 dates": (
            fields(200, lambda _: {"type": "string", "format": "date-time"}),
            each(200, "2026-01-01T00:00:00Z"),
        ),
        "300 enums of 50": (fields(300, lambda n: {"enum": [f"{n}_{i}" for i in range(50)]}), {"f1": "1_1"}),
        "200 objects": (fields(200, lambda _: whole), {f"f{n}": event for n in range(200)}),
        "200 arrays of objects": (
            fields(200, lambda _: {"type": "array", "items": whole}),
            {f"f{n}": [event] for n in range(200)},
        ),
        "200 objects, each its own": (fields(200, one_of_its_own), each(200, own)),
        "300 definitions, all used": (
            fields(300, lambda n: {"$ref": f"#/definitions/d{n}"})
            | {"definitions": {f"d{n}": one_of_its_own(n) for n in range(300)}},
            each(300, own),
        ),
        "chain of 200 references": (
            {"$ref": "#/definitions/d0", "definitions": links | {"d200": {"type": "string"}}},
            functools.reduce(lambda below, _: {"f0": below}, range(200), "x"),
        ),
        "18 levels": (levels(18), deep),
        "tree of 625 leaves": (tree(4), leaves(4)),
        "union of 100": (
            {"anyOf": [whole | {"properties": part | {"k": {"minimum": n, "maximum": n}}} for n in range(100)]},
            event | {"k": 3},
        ),
        "union of 100 without a tag": (
            {"oneOf": [one_of_its_own(n) | {"required": ["a", f"k{n}"]} for n in range(100)]},
            {"a": "x", "k50": 1},
        ),
        "100 conditions": (
            {
                "allOf": [
                    {"if": {"properties": {"k": {"const": n}}}, "then": fields(1, lambda _, n=n: {"maxLength": n + 1})}
                    for n in range(100)
                ]
            },
            {"k": 30, "f0": "x"},
        ),
        "allOf of 300": (
            {"allOf": [fields(1, lambda _: {"type": "string"}) | {"minProperties": n % 2} for n in range(300)]},
            {"f0": "x"},
        ),
    }
    return {title: ({"$schema": D7, **schema}, event) for title, (schema, event) in found.items()}


def compilation(arguments: argparse.Namespace) -> None:
    """From a schema to the first verdict; nothing that another compilation has left behind is used."""
    print("\ncompilation and first verdict, ms; `alone` is compilation without it")
    row("", ("toolkit", "strict", "alone", "fast", "rs", "beside fast", "strict", "alone"), 28)
    schemas = {f"{count} definitions": (large_schema(count), {"field_1": {}}) for count in (50, 500)}
    schemas |= other_large_schemas()
    if WEBHOOKS.exists():
        contents = json.loads((WEBHOOKS / "schema.json").read_text("utf-8"))
        line = json.loads((WEBHOOKS / "events.ndjson").read_text("utf-8").partition("\n")[0])
        name = f"{line['name']}_event"
        schemas |= {
            "webhooks, all": (contents, line["payload"]),
            f"webhooks, {name}": (contents | {"oneOf": [{"$ref": f"#/definitions/{name}"}]}, line["payload"]),
        }
    for title, (schema, event) in schemas.items():

        def rs(schema: Any = schema, event: Any = event) -> None:
            jsonschema_rs.validator_for(schema).is_valid(event)

        # It writes into the schema, so each turn has its own.
        copied = iter([copy.deepcopy(schema) for _ in range(3)])

        def fast(event: Any = event, copied: Any = copied) -> None:
            fastjsonschema.compile(next(copied))(event)

        def toolkit(strict: bool, judge: bool = True, schema: Any = schema, event: Any = event) -> None:
            _compiled.cache_clear()
            validator = compile_schema(schema, strict=strict)
            if judge:
                validator.is_valid(event)

        ways = {"toolkit": (False, True), "strict": (True, True), "alone": (False, False)}
        runs = {name: functools.partial(toolkit, *way) for name, way in ways.items()} | {"rs": rs}
        found = best(runs, 5, cleanly=True)
        try:
            found["fast"] = best({"": fast}, 3, cleanly=True)[""]
        except fastjsonschema.JsonSchemaException:
            found["fast"] = NAN
        row(title, (*(f"{found[name] * 1e3:.1f}" for name in (*ways, "fast", "rs")),
                    *(f"{found['fast'] / found[name]:.1f}×" for name in ways)), 28)  # fmt: skip


def start(arguments: argparse.Namespace) -> None:
    """A process that judges one event, from its start to its end."""
    print("\ncold start, ms for a process that judges one event")
    schema, _, texts = made("seed", 1)
    with tempfile.TemporaryDirectory() as folder:
        schema_path, event_path = Path(folder) / "schema.json", Path(folder) / "event.json"
        schema_path.write_text(json.dumps(schema))
        event_path.write_bytes(texts[0] + b"\n")
        code = f"import fastjsonschema, json; fastjsonschema.compile(json.load(open({str(schema_path)!r})))"
        code += f"(json.load(open({str(event_path)!r})))"
        commands = {
            "toolkit validate": [str(Path(sys.executable).with_name("toolkit")), "validate", str(event_path), "--schema",
                                 str(schema_path)],
            "fastjsonschema": [sys.executable, "-c", code],
            "python, nothing": [sys.executable, "-c", "pass"],
        }  # fmt: skip
        # Compiled bytecode on both sides, as pip leaves it, whether or not this environment wants any.
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": f"{folder}/bytecode"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        times: dict[str, list[float]] = {name: [] for name in commands}
        for turn in range(21):
            for name, command in commands.items():
                started = time.perf_counter()
                subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
                if turn:
                    times[name].append(time.perf_counter() - started)
        row("", ("median", "least"), 20)
        for name, found in times.items():
            row(name, (f"{statistics.median(found) * 1e3:.0f}", f"{min(found) * 1e3:.0f}"), 20)


CONTESTS = {
    "verdicts": verdicts,
    "floor": floor,
    "errors": errors,
    "bulk": bulk,
    "processes": processes,
    "compile": compilation,
    "start": start,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("contests", nargs="*", metavar="CONTEST", help=f"{', '.join(CONTESTS)}; all by default")
    parser.add_argument("--events", type=int, default=150, help="events of each shape (150)")
    parser.add_argument("--rounds", type=int, default=40, help="rounds, of which the best counts (40)")
    parser.add_argument(
        "--megabytes", type=int, default=4, help="size of the bulk input; files are 15 and 75 times as large (4)"
    )
    arguments = parser.parse_args()
    for name in arguments.contests or CONTESTS:
        CONTESTS[name](arguments)


if __name__ == "__main__":
    main()
