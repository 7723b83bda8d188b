import pytest

from toolkit.errors import InvalidInput
from toolkit.handlers.settings import Settings


def test_settings_come_from_variables_of_the_same_name():
    made = Settings.from_environment({"EVENT_NAME": "order_placed", "STRICT": "False", "HOME": "/"})
    assert made == Settings(event_name="order_placed", strict=False)


def test_a_wrong_switch_is_refused():
    with pytest.raises(InvalidInput, match="STRICT: expected true or false, found 'perhaps'"):
        Settings.from_environment({"STRICT": "perhaps"})
