"""Shapes of events for the benchmarks: one schema each, and a maker of valid events that takes a source of chance."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from typing import Any

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


def broken(event: Any) -> Any:
    """Return *event* with three faults: another type, a missing field and an undeclared one."""
    wrong = dict(event)
    names = list(wrong)
    wrong[names[0]] = [wrong[names[0]]]
    if len(names) > 2:
        del wrong[names[-1]]
    wrong["undeclared"] = 1
    return wrong


def closed(schema: Any) -> Any:
    """Return *schema* with ``additionalProperties: false`` at every object, which is what strict means here."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    copied = {key: closed(value) for key, value in schema.items()}
    return copied | {"additionalProperties": False} if schema.get("type") == "object" else copied
