"""Sample events of the shop, the same for the same seed, some of them broken in the ways in which events break."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

FIRST_DAY = datetime(2026, 3, 2, tzinfo=UTC)
DAYS = 7

_CATALOGUE = (
    ("Espresso machine", 349.0, ("kitchen", "coffee")),
    ("Coffee grinder", 129.9, ("kitchen", "coffee")),
    ("Coffee beans 1 kg", 18.5, ("food", "coffee")),
    ("Linen tablecloth", 44.0, ("living",)),
    ("Reading lamp", 79.95, ("living", "light")),
    ("Wool blanket", 89.0, ("living",)),
    ("Running shoes", 119.0, ("sport",)),
    ("Yoga mat", 32.5, ("sport",)),
    ("Bicycle light", 24.9, ("sport", "light")),
    ("Fountain pen", 58.0, ("office",)),
    ("Notebook, dotted", 9.8, ("office",)),
    ("Desk organiser", 27.4, ("office", "living")),
)
_CITIES = (
    ("Lisboa", "1100-148", "PT"),
    ("München", "80331", "DE"),
    ("São Paulo", "01310-100", "BR"),
    ("København", "1050", "DK"),
    ("Chicago", "60601", "US"),
    ("Leeds", "LS1 4AP", "GB"),
)
_CURRENCY = {"PT": "EUR", "DE": "EUR", "DK": "EUR", "BR": "BRL", "US": "USD", "GB": "GBP"}
_COLOURS = ("black", "white", "olive", "red")
_STREETS = ("Rua Augusta 12", "Sendlinger Straße 8", "Elm Street 77", "Nørregade 3", "King's Road 5")


def sample_events(count: int = 10_000, *, seed: int = 42, broken_share: float = 0.04) -> Iterator[bytes]:
    """
    Yield *count* ``order_placed`` events of version 2 as JSON text in UTF-8, one bytes object each.

    About *broken_share* of them are broken: a wrong type, a missing field, an undeclared field at the top or nested, a value
    outside its enum, malformed JSON, invalid UTF-8. Equal arguments yield equal bytes.
    """
    rng = random.Random(seed)  # noqa: S311 - sample data, not a secret
    for number in range(count):
        order = sample_order(rng, number)
        if rng.random() < broken_share:
            yield rng.choice(BREAKAGES)(order, rng)
        else:
            yield encode(order)


def sample_order(rng: random.Random, number: int) -> dict[str, Any]:
    """Return one valid order, number *number*, drawn from *rng*."""
    city, postal_code, country = rng.choice(_CITIES)
    currency = _CURRENCY[country]
    # More orders towards the weekend and in the evening, so that a chart of them shows something.
    day = rng.choices(range(DAYS), weights=(9, 8, 9, 11, 15, 20, 16))[0]
    seconds = int(min(rng.gauss(18.5, 3.5) % 24 * 3600, 86_399))
    moment = FIRST_DAY + timedelta(days=day, seconds=seconds, milliseconds=rng.randrange(1000))
    items = [_item(rng) for _ in range(rng.choices((1, 2, 3, 4), weights=(50, 30, 14, 6))[0])]
    for item in items:
        if rng.random() < 0.15:
            item["discount"] = {"amount": round(item["unit_price"] * 0.1, 2), "currency": currency}
    total = round(sum(item["quantity"] * (item["unit_price"] - _off(item)) for item in items), 2)
    address = {
        "street": rng.choice(_STREETS),
        "city": city,
        "postal_code": postal_code,
        "country": country,
        "company": "Müller & Söhne GmbH" if rng.random() < 0.1 else None,
    }
    method = rng.choices(("card", "transfer", "invoice"), weights=(70, 20, 10))[0]
    payment: dict[str, Any] = {"method": method}
    if method == "card":
        payment |= {"installments": rng.choice((1, 1, 1, 3, 6)), "card_last_four": f"{rng.randrange(10_000):04d}"}
    customer_id = 1 + int(rng.paretovariate(1.1) * 40) % 3000
    return {
        "event_id": str(uuid.UUID(int=rng.getrandbits(128), version=4)),
        "event_time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "order_id": 100_000 + number,
        "customer": {
            "id": customer_id,
            "email": f"customer{customer_id}@example.com",
            "tier": ("new", "silver", "gold")[customer_id % 3],
            "birth_date": None if rng.random() < 0.4 else f"{rng.randrange(1950, 2006)}-{rng.randrange(1, 13):02d}-17",
            "marketing_consent": rng.random() < 0.6,
        },
        "items": items,
        "total": {"amount": total, "currency": currency},
        "shipping_address": address,
        "billing_address": None if rng.random() < 0.8 else {**address, "street": rng.choice(_STREETS)},
        "payment": payment,
        "coupon_code": "SPRING26" if rng.random() < 0.2 else None,
        "channel": rng.choices(("web", "app", "store", "phone"), weights=(50, 35, 12, 3))[0],
    }


def _item(rng: random.Random) -> dict[str, Any]:
    index = rng.randrange(len(_CATALOGUE))
    title, price, categories = _CATALOGUE[index]
    return {
        "sku": f"{categories[0][:3].upper()}-{10_000 + index:05d}",
        "title": title,
        "quantity": rng.choices((1, 2, 3, 5), weights=(75, 15, 7, 3))[0],
        "unit_price": price,
        "categories": list(categories),
        "attributes": {"colour": rng.choice(_COLOURS)},
    }


def _off(item: dict[str, Any]) -> float:
    return float(item["discount"]["amount"]) if "discount" in item else 0.0


def encode(event: dict[str, Any]) -> bytes:
    """Return *event* as compact JSON in UTF-8."""
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


def _wrong_type(order: dict[str, Any], rng: random.Random) -> bytes:
    order["order_id"] = str(order["order_id"])
    return encode(order)


def _nested_wrong_type(order: dict[str, Any], rng: random.Random) -> bytes:
    rng.choice(order["items"])["quantity"] = rng.choice(("two", 1.5, None))
    return encode(order)


def _missing_field(order: dict[str, Any], rng: random.Random) -> bytes:
    del order[rng.choice(("event_id", "customer", "total", "channel"))]
    return encode(order)


def _nested_missing_field(order: dict[str, Any], rng: random.Random) -> bytes:
    del order["shipping_address"]["postal_code"]
    return encode(order)


def _undeclared_field(order: dict[str, Any], rng: random.Random) -> bytes:
    order["debug"] = True
    return encode(order)


def _nested_undeclared_field(order: dict[str, Any], rng: random.Random) -> bytes:
    order["customer"]["phone"] = "+351 000 000"
    return encode(order)


def _outside_enum(order: dict[str, Any], rng: random.Random) -> bytes:
    order["total"]["currency"] = "XXX"
    return encode(order)


def _malformed(order: dict[str, Any], rng: random.Random) -> bytes:
    data = encode(order)
    return data[: rng.randrange(len(data) // 2, len(data) - 1)].decode(errors="ignore").encode()


def _invalid_utf8(order: dict[str, Any], rng: random.Random) -> bytes:
    order["gift_note"] = "GREETING"
    # Latin-1 in a document that claims to be UTF-8: the oldest way to break one.
    return encode(order).replace(b"GREETING", "Herzlichen Glückwunsch".encode("latin-1"))


BREAKAGES: tuple[Callable[[dict[str, Any], random.Random], bytes], ...] = (
    _wrong_type,
    _nested_wrong_type,
    _missing_field,
    _nested_missing_field,
    _undeclared_field,
    _nested_undeclared_field,
    _outside_enum,
    _malformed,
    _invalid_utf8,
)
"""Ways in which a producer breaks an event; each takes a valid order and returns the bytes that are sent."""
