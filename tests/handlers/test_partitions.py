import pytest

from toolkit.handlers.partitions import NULL_PARTITION, day_from, escaped, partition_of, unescaped, value_at

SENT_AT = 1_780_000_000


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-02-29", "2024-02-29"),
        ("2024-02-29T23:30:00-01:00", "2024-03-01"),
        ("2016-12-31T23:59:60Z", "2016-12-31"),
        ("2023-02-29T00:00:00Z", None),
        ("2024-02-30", None),
        ("2024-13-01T00:00:00Z", None),
    ],
)
def test_a_day_is_one_of_the_calendar(text, day):
    assert day_from(text) == day


def test_a_pointer_leads_into_arrays():
    event = {"items": [{"sku": "a"}, {"sku": "b"}], "0": "key"}
    assert value_at(event, "/items/1/sku") == "b"
    assert value_at(event, "/0") == "key"
    assert [value_at(event, f"/items/{place}/sku") for place in ("2", "-", "01", "-1", "x")] == [None] * 5


@pytest.mark.parametrize("value", ["a", "\u00e4/=% ", "\U0001f600", "__HIVE", "."])
def test_a_short_value_comes_back_from_its_folder(value):
    assert unescaped(escaped(value)) == value


def test_what_is_no_value_is_null():
    assert {escaped(value) for value in (None, "", {}, [1])} == {NULL_PARTITION}


@pytest.mark.parametrize("count", [1, 3, 12])
@pytest.mark.parametrize("character", ["a", "/", "\u00e4", "\u4f60", "\U0001f600"])
def test_values_leave_room_in_an_object_key_and_are_cut_between_characters(character, count):
    pointers = {f"key_{number}": "/a" for number in range(count)}
    path = partition_of({"a": character * 500}, SENT_AT, pointers=pointers)
    values = [folder.partition("=")[2] for folder in path.split("/")[1:]]
    assert sum(map(len, values)) <= 600
    assert all(value and set(unescaped(value)) == {character} for value in values)
