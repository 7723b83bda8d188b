"""What goes wrong around the apps: each is said in one sentence with what to do, and the form stays as it was."""

from http.server import BaseHTTPRequestHandler

import pytest
from endpoints import answering

from toolkit.errors import AwsError, CredentialsMissing, ToolkitError
from toolkit.widgets import EventValidator, Explorer, TableCreator


class SignedOut(BaseHTTPRequestHandler):
    """An endpoint that answers as AWS does once a session has expired."""

    def _answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        told = "The security token included in the request is expired"
        if "X-Amz-Target" in self.headers:
            body = f'{{"__type": "ExpiredTokenException", "message": "{told}"}}'
            kind = "application/x-amz-json-1.1"
        else:
            body = f"<?xml version='1.0'?><Error><Code>ExpiredToken</Code><Message>{told}</Message></Error>"
            kind = "application/xml"
        self.send_response(400)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    do_GET = do_POST = do_PUT = _answer  # noqa: N815 - the names that the server calls

    def log_message(self, *_):
        pass


@pytest.fixture
def expired_session(monkeypatch):
    with answering(SignedOut) as endpoint:
        settings = {
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ACCESS_KEY_ID": "x",
            "AWS_SECRET_ACCESS_KEY": "x",
            "AWS_SESSION_TOKEN": "x",
            "AWS_DEFAULT_REGION": "eu-west-1",
        }
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        yield


@pytest.fixture
def no_credentials(monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")


FORMS = {
    "creator": lambda: (TableCreator(table="orders", partition_keys="day"), TableCreator.create),
    "validator": lambda: (EventValidator(schema="order_placed", source="s3://events/a.json"), EventValidator.validate),
    "explorer": lambda: (Explorer("shop.orders", filters=[("n", ">", "3")], time_from="2026-03-02"), Explorer.run),
    "query": lambda: (Explorer("shop.orders", sql="SELECT 1 AS one"), Explorer.run),
}


def fields(app):
    assert app.view
    return {name: getattr(app, name) for name in app._fields}


@pytest.mark.parametrize("form", FORMS)
def test_without_credentials(no_credentials, form):
    app, act = FORMS[form]()
    before = fields(app)
    with pytest.raises(ToolkitError) as raised:
        act(app)
    assert isinstance(raised.value, CredentialsMissing) or form == "explorer"
    assert (app.state, app.message.count("\n")) == ("failed", 0)
    assert "credentials" in app.message.lower()
    assert "set AWS_PROFILE" in app.message
    assert fields(app) == before


@pytest.mark.parametrize("form", FORMS)
def test_with_an_expired_session(expired_session, form):
    app, act = FORMS[form]()
    before = fields(app)
    with pytest.raises(ToolkitError) as raised:
        act(app)
    assert isinstance(raised.value, AwsError) or form == "explorer"
    assert (app.state, app.message.count("\n")) == ("failed", 0)
    assert "expired" in app.message
    assert "sign in again" in app.message
    assert fields(app) == before


def test_signed_in_again_the_explorer_goes_on_where_it_was(expired_session, launched_platform, monkeypatch):
    explorer = Explorer("default.nothing_there", columns=["n"])
    with pytest.raises(ToolkitError, match="expired"):
        explorer.run()
    for name, value in launched_platform.environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ToolkitError, match="not found"):
        explorer.run()
    assert "expired" not in explorer.message
    assert explorer.columns == ("n",)


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


def test_a_bucket_that_is_not_there_is_named_and_the_next_repository_fills_the_form(platform, unique):
    app = TableCreator(f"s3://none-{unique}/schemas/")
    assert app.view
    assert (app.table, app.location) == ("", "")
    assert app.problems[0].startswith(f"s3://none-{unique}/schemas/: there is no such bucket; correct the name")
    app.repository = ""
    assert app.problems == ()
    assert app.location == f"s3://events/{app.table}/"


def test_a_repository_in_the_glue_registry_that_is_not_there(platform):
    app = EventValidator("glue://nowhere")
    assert app.view
    assert len(app.problems) == 1
    assert "\n" not in app.problems[0]
