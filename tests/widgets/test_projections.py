import pytest

from toolkit.errors import TableError
from toolkit.hive import DateProjection, EnumProjection, InjectedProjection, IntegerProjection
from toolkit.widgets.models.projections import projections_from_text

READ = {
    "2026-03-01": DateProjection("2026-03-01"),
    "2026-03-01..2026-04-01": DateProjection("2026-03-01", "2026-04-01"),
    "NOW-3YEARS..NOW": DateProjection("NOW-3YEARS", "NOW"),
    "2026-03..NOW": DateProjection("2026-03", format="yyyy-MM", interval=1, interval_unit="MONTHS"),
    "0..23": IntegerProjection(0, 23),
    "00..23": IntegerProjection(0, 23, digits=2),
    "web, app": EnumProjection(("web", "app")),
    "injected": InjectedProjection(),
}


@pytest.mark.parametrize("text", READ)
def test_a_bare_text_is_for_the_one_key(text):
    assert projections_from_text(text, ["dt"]) == {"dt": READ[text]}


def test_several_keys_are_named():
    assert projections_from_text("dt: 2026-03-01; Hour: 0..23", ["dt", "hour"]) == {
        "dt": DateProjection("2026-03-01"),
        "hour": IntegerProjection(0, 23),
    }
    assert projections_from_text(" ", ["dt"]) == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2026-03-01", "expected one for each partition key, such as"),
        ("dt: 2026-02-30; hour: 0..23", "projection of dt '2026-02-30': expected a day"),
        ("dt: 2026-03-01", "Athena wants one for every partition key, found none for hour"),
        ("day: 2026-03-01", "expected 'key: values' with a key of dt, hour"),
        ("dt: 3..x; hour: 0..23", r"projection of dt '3\.\.x': expected a day"),
        ("dt: ,; hour: 0..23", "projection of dt ',': expected a day"),
    ],
)
def test_what_can_not_be_read_is_said(text, message):
    with pytest.raises(TableError, match=message):
        projections_from_text(text, ["dt", "hour"])
