import pytest

from toolkit.widgets.models import Observable, State, TextState


class Form(Observable):
    name = TextState("")
    strict = State(True)
    length = 0

    def changed(self, name, old):
        self.length = len(self.name)


@pytest.fixture
def heard():
    return []


@pytest.fixture
def form(heard):
    form = Form()
    form.observe(lambda: heard.append((form.name, form.length)))
    return form


def test_an_observer_hears_of_a_change_after_what_depends_on_it(form, heard):
    form.name = "orders"
    assert heard == [("orders", 6)]


def test_the_same_value_is_no_change(form, heard):
    form.name = "  "
    form.strict = True
    assert heard == []


def test_an_observer_can_leave(heard):
    form = Form()
    leave = form.observe(lambda: heard.append(form.name))
    leave()
    form.name = "orders"
    assert heard == []


def test_a_text_loses_the_blanks_at_its_ends_and_none_is_empty(form):
    form.name = " a b "
    assert form.name == "a b"
    form.name = None
    assert form.name == ""


def test_another_type_is_refused_by_name(form):
    with pytest.raises(TypeError, match=r"^strict: expected bool, found str$"):
        form.strict = "yes"


def test_two_forms_share_no_state():
    one, two = Form(), Form()
    one.name = "orders"
    assert two.name == ""
