"""What goes wrong around the apps: each is said in one sentence with what to do, and the form stays as it was."""

import pytest

from toolkit import aws
from toolkit.errors import AwsError, CredentialsMissing, ToolkitError
from toolkit.widgets import EventValidator, TableCreator

SIGN_IN = "sign in"


@pytest.fixture
def no_credentials(monkeypatch):
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")


@pytest.fixture
def expired_session(monkeypatch):
    def call(service, operation, **parameters):
        raise CredentialsMissing(
            "The security token included in the request is expired; sign in again", service=service
        )

    monkeypatch.setattr(aws, "call", call)
    monkeypatch.setattr(aws, "pages", call)


def forms():
    return (
        (TableCreator(table="orders"), lambda app: app.create()),
        (EventValidator(schema="order_placed", source="s3://events/a.json"), lambda app: app.validate()),
    )


@pytest.mark.parametrize("number", [0, 1])
def test_without_credentials(no_credentials, number):
    app, act = forms()[number]
    before = {name: field.value for name, field in (app.view and app._fields).items()}
    with pytest.raises(CredentialsMissing):
        act(app)
    assert (app.state, app.message.count("\n")) == ("failed", 0)
    assert "credentials" in app.message.lower()
    assert {name: field.value for name, field in app._fields.items()} == before


@pytest.mark.parametrize("number", [0, 1])
def test_with_an_expired_session(expired_session, number):
    app, act = forms()[number]
    with pytest.raises(AwsError, match="sign in again"):
        act(app)
    assert app.state == "failed"
    assert "sign in again" in app._shown["status"].value if number == 0 and app.view else app.message


def test_without_a_repository(tmp_path):
    for app, act in (
        (TableCreator(tmp_path / "none"), TableCreator.create),
        (EventValidator(tmp_path / "none"), EventValidator.validate),
    ):
        assert app.view
        assert len(app.problems) >= 1
        assert "expected a folder" in app.problems[0]
        with pytest.raises(ToolkitError):
            act(app)
        app.repository = ""
        assert app.problems == () or app.table == ""


def test_a_repository_in_the_glue_registry_that_is_not_there(platform):
    app = EventValidator("glue://nowhere")
    assert app.view
    assert len(app.problems) == 1
    assert "\n" not in app.problems[0]
