"""
How fast is a verdict, beside jsonschema-rs, fastjsonschema, jsonschema and msgspec?

Run by hand: ``python tests/benchmarks/bench_validator.py``. Each row is one shape of event, each number the time of one
event in microseconds, best of several rounds over a few hundred events; ``orjson.loads`` of the same events is the floor
that no reader of bytes gets below. Ratios drift by tens of percent from run to run: trust the order.
"""

from __future__ import annotations

import argparse
import copy
import functools
import json
import math
import random
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import fastjsonschema
import jsonschema
import jsonschema_rs
import msgspec
import orjson

from toolkit.validator import compile_schema

D7 = "http://json-schema.org/draft-07/schema#"
STRING, INTEGER, NUMBER, BOOLEAN = ({"type": name} for name in ("string", "integer", "number", "boolean"))


def record(properties: dict[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the schema of an object in which every field but the optional ones is required."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required}


def array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def word(source: random.Random) -> str:
    return "".join(source.choices("abcdefghijklmnopqrstuvwxyz", k=source.randint(4, 12)))


SEED = record(
    {
        "eid": STRING,
        "documentNumber": STRING,
        "name": STRING,
        "age": INTEGER,
        "address": record({"street": STRING, "number": INTEGER, "mailAddress": BOOLEAN}),
    }
)


def seed_event(r: random.Random) -> Any:
    address = {"street": word(r), "number": r.randint(1, 900), "mailAddress": r.random() < 0.5}
    return {"eid": word(r), "documentNumber": word(r), "name": word(r), "age": r.randint(1, 99), "address": address}


FLAT_TYPES = [STRING, INTEGER, NUMBER, BOOLEAN]
FLAT = record({f"field_{index}": FLAT_TYPES[index % 4] for index in range(20)})


def flat_event(r: random.Random) -> Any:
    values = [lambda: word(r), lambda: r.randint(0, 10**6), r.random, lambda: r.random() < 0.5]
    return {f"field_{index}": values[index % 4]() for index in range(20)}


CONTACT = record({"email": {"type": "string", "minLength": 3}, "phone": {"type": ["string", "null"]}})
PLACE = record(
    {"city": STRING, "zip": {"type": "string", "pattern": "^[0-9]{5}$"}, "geo": record({"lat": NUMBER, "lon": NUMBER})}
)
PARTY = record(
    {"id": INTEGER, "name": STRING, "kind": {"enum": ["person", "company"]}, "contact": CONTACT, "place": PLACE}
)
NESTED = record(
    {
        "id": STRING,
        "time": INTEGER,
        "buyer": PARTY,
        "seller": PARTY,
        "meta": record({"source": STRING, "tags": array(STRING)}),
    }
)


def party(r: random.Random) -> Any:
    contact = {"email": word(r) + "@x.org", "phone": None if r.random() < 0.5 else word(r)}
    place = {"city": word(r), "zip": f"{r.randint(0, 99999):05}", "geo": {"lat": r.random(), "lon": r.random()}}
    return {
        "id": r.randint(1, 9999),
        "name": word(r),
        "kind": r.choice(["person", "company"]),
        "contact": contact,
        "place": place,
    }


def nested_event(r: random.Random) -> Any:
    meta = {"source": word(r), "tags": [word(r) for _ in range(r.randint(0, 4))]}
    return {"id": word(r), "time": r.randint(0, 10**9), "buyer": party(r), "seller": party(r), "meta": meta}


SPARSE = record(
    {"id": STRING, **{f"option_{index}": FLAT_TYPES[index % 4] for index in range(40)}},
    optional=tuple(f"option_{index}" for index in range(40)),
)


def sparse_event(r: random.Random) -> Any:
    values = [lambda: word(r), lambda: r.randint(0, 10**6), r.random, lambda: r.random() < 0.5]
    return {"id": word(r)} | {f"option_{index}": values[index % 4]() for index in r.sample(range(40), 6)}


LINE = record({"sku": STRING, "quantity": {"type": "integer", "minimum": 1}, "price": {"type": "number", "minimum": 0}})
ARRAYS = record(
    {"id": STRING, "lines": array(LINE) | {"minItems": 1}, "series": array(NUMBER), "labels": array(STRING)}
)


def arrays_event(r: random.Random) -> Any:
    lines = [{"sku": word(r), "quantity": r.randint(1, 9), "price": r.random()} for _ in range(12)]
    return {
        "id": word(r),
        "lines": lines,
        "series": [r.random() for _ in range(40)],
        "labels": [word(r) for _ in range(10)],
    }


TREE = {
    "$ref": "#/definitions/node",
    "definitions": {
        "node": record({"value": INTEGER, "label": STRING, "children": array({"$ref": "#/definitions/node"})})
    },
}


def tree_event(r: random.Random, depth: int = 4) -> Any:
    children = [tree_event(r, depth - 1) for _ in range(2)] if depth else []
    return {"value": r.randint(0, 99), "label": word(r), "children": children}


FORMATS = record(
    {
        "id": {"type": "string", "format": "uuid"},
        "at": {"type": "string", "format": "date-time"},
        "day": {"type": "string", "format": "date"},
        "email": {"type": "string", "format": "email"},
        "ip": {"type": "string", "format": "ipv4"},
        "link": {"type": "string", "format": "uri"},
        "code": {"type": "string", "pattern": "^[A-Z]{3}-[0-9]{4}$"},
    }
)


def formats_event(r: random.Random) -> Any:
    return {
        "id": str(uuid.UUID(int=r.getrandbits(128))),
        "at": f"2026-{r.randint(1, 12):02}-{r.randint(1, 28):02}T{r.randint(0, 23):02}:{r.randint(0, 59):02}:07.5Z",
        "day": f"2026-{r.randint(1, 12):02}-{r.randint(1, 28):02}",
        "email": f"{word(r)}@{word(r)}.example",
        "ip": ".".join(str(r.randint(0, 255)) for _ in range(4)),
        "link": f"https://{word(r)}.example/{word(r)}?q={word(r)}",
        "code": f"ABC-{r.randint(1000, 9999)}",
    }


SHAPES: dict[str, tuple[dict[str, Any], Callable[[random.Random], Any]]] = {
    "seed": (SEED, seed_event),
    "flat": (FLAT, flat_event),
    "nested": (NESTED, nested_event),
    "sparse": (SPARSE, sparse_event),
    "arrays": (ARRAYS, arrays_event),
    "recursive": (TREE, tree_event),
    "formats": (FORMATS, formats_event),
}


def closed(schema: Any) -> Any:
    """Return *schema* with ``additionalProperties: false`` at every object, which is what strict means here."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    copied = {key: closed(value) for key, value in schema.items()}
    return copied | {"additionalProperties": False} if schema.get("type") == "object" else copied


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


def best(function: Callable[[], Any], rounds: int) -> float:
    """Return the shortest time of *function* in seconds."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        function()
        times.append(time.perf_counter() - started)
    return min(times)


def judge_all(judge: Callable[[Any], Any], events: list[Any]) -> None:
    for event in events:
        judge(event)


def contenders(schema: dict[str, Any]) -> Iterator[tuple[str, Callable[[Any], Any]]]:
    strict_schema = closed(schema)
    yield "toolkit", compile_schema(strict_schema).is_valid
    yield "strict", compile_schema(schema, strict=True).is_valid
    yield "rs", jsonschema_rs.validator_for(strict_schema).is_valid
    yield "fast", fastjsonschema.compile(copy.deepcopy(strict_schema))
    yield "jsonschema", jsonschema.Draft7Validator(strict_schema).is_valid


def verdicts(arguments: argparse.Namespace) -> None:
    print(
        f"{'is_valid, µs':<12}"
        + "".join(f"{name:>11}" for name in ("toolkit", "strict", "rs", "fast", "jsonschema", "msgspec", "orjson"))
    )
    ratios = []
    for shape, (schema, make) in SHAPES.items():
        schema = {"$schema": D7, **schema}
        source = random.Random(1)
        events = [json.loads(json.dumps(make(source))) for _ in range(arguments.events)]
        texts = [orjson.dumps(event) for event in events]
        events = [orjson.loads(text) for text in texts]
        found = {}
        for name, judge in contenders(schema):
            rounds = arguments.rounds if name != "jsonschema" else 1
            assert judge(events[0]) is not False
            found[name] = best(functools.partial(judge_all, judge, events), rounds)
        try:
            decoder = msgspec.json.Decoder(structure(schema))
            found["msgspec"] = best(functools.partial(judge_all, decoder.decode, texts), arguments.rounds)
        except KeyError:
            found["msgspec"] = math.nan
        found["orjson"] = best(functools.partial(judge_all, orjson.loads, texts), arguments.rounds)
        row = "".join(f"{seconds / len(events) * 1e6:>11.2f}" for seconds in found.values())
        speed, beside = found["rs"] / found["toolkit"], found["fast"] / found["toolkit"]
        strict = found["rs"] / found["strict"]
        ratios.append((speed, beside, strict))
        print(f"{shape:<12}{row}   {speed:.2f}× rs, strict {strict:.2f}× rs, {beside:.1f}× fast")
    for index, label in enumerate(("rs", "fast", "strict beside rs")):
        mean = math.exp(sum(math.log(ratio[index]) for ratio in ratios) / len(ratios))
        print(f"geometric mean of the speed beside {label}: {mean:.2f}×")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=15)
    verdicts(parser.parse_args())


if __name__ == "__main__":
    main()
