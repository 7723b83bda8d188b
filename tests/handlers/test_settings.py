import pytest

from toolkit.errors import InvalidInput
from toolkit.handlers.settings import Settings


def test_settings_come_from_variables_of_the_same_name():
    made = Settings.from_environment({"EVENT_NAME": "order_placed", "STRICT": "False", "HOME": "/"})
    assert made == Settings(event_name="order_placed", strict=False)


def test_a_wrong_switch_is_refused():
    with pytest.raises(InvalidInput, match="STRICT: expected true or false, found 'perhaps'"):
        Settings.from_environment({"STRICT": "perhaps"})


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("SCHEMA_CACHE_SECONDS", "soon", "SCHEMA_CACHE_SECONDS: expected seconds from 0 on, found 'soon'"),
        ("EVENT_TIME_POINTER", "at", "EVENT_TIME_POINTER: expected a JSON pointer such as /event_time, found 'at'"),
        ("EVENT_TIME_POINTER", "/a~2", "EVENT_TIME_POINTER: expected a JSON pointer such as /event_time, found '/a~2'"),
        ("SCHEMA_STALE_SECONDS", "-1", "SCHEMA_STALE_SECONDS: expected seconds from 0 on, found '-1'"),
        ("UNWRAP_SNS", "always", "UNWRAP_SNS: expected auto or never, found 'always'"),
        ("COMPRESSION", "zip", "COMPRESSION: expected gzip or none, found 'zip'"),
    ],
)
def test_a_wrong_choice_is_refused(name, value, message):
    with pytest.raises(InvalidInput, match=message):
        Settings.from_environment({name: value})


def test_a_location_takes_the_name_of_the_event():
    assert Settings(events_location="s3://b/e").location_of("order") == "s3://b/e/order/"
    assert Settings(events_location="s3://b/{event_name}/raw/").location_of("order") == "s3://b/order/raw/"


def test_partition_keys_are_names_with_pointers():
    assert Settings(partition_keys="a=/b/c, d=/e").pointers() == {"a": "/b/c", "d": "/e"}
    with pytest.raises(InvalidInput, match="PARTITION_KEYS: expected name=/pointer"):
        Settings(partition_keys="a").pointers()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "Country=/c",
            "PARTITION_KEYS: expected name=/pointer,... with names of a to z, digits and _, found 'Country=/c'",
        ),
        ("a=/c~2", "PARTITION_KEYS: expected name=/pointer,... with names of a to z, digits and _, found 'a=/c~2'"),
        ("a=", "PARTITION_KEYS: expected name=/pointer,... with names of a to z, digits and _, found 'a='"),
        ("a=/b,a=/c", "PARTITION_KEYS: expected names that differ, also from dt, found 'a' again"),
        ("dt=/day", "PARTITION_KEYS: expected names that differ, also from dt, found 'dt' again"),
    ],
)
def test_partition_keys_that_no_table_has_are_refused(text, message):
    with pytest.raises(InvalidInput) as caught:
        Settings(partition_keys=text).pointers()
    assert str(caught.value) == message
