import json

import pytest

from toolkit.cli import main

FIRST = {"type": "object", "properties": {"id": {"type": "integer"}}}
SECOND = {"type": "object", "properties": {"id": {"type": "number"}}}


@pytest.fixture
def run(tmp_path, capsys):
    place = tmp_path / "repository"
    place.mkdir()

    def command(*words):
        status = main(["schema", *words, "--repository", str(place)])
        captured = capsys.readouterr()
        return status, captured.out + captured.err

    return command


@pytest.fixture
def document(tmp_path):
    def write(contents, name="moved.json"):
        path = tmp_path / name
        path.write_text(json.dumps(contents))
        return str(path)

    return write


def test_the_life_of_a_schema(run, document):
    assert run("check", document(FIRST)) == (0, "moved/1 could be published\n")
    assert run("publish", document(FIRST)) == (0, "moved/1 published\n")
    assert run("publish", document(FIRST)) == (0, "moved/1 equals the latest version; nothing to publish\n")
    status, said = run("publish", document(SECOND))
    assert (status, said.splitlines()[0]) == (0, "moved/2 published; against the version before:")
    assert run("list") == (0, "moved  1, 2\n")
    assert run("list", "moved") == (0, "moved/1\nmoved/2\n")
    assert run("show", "moved/1") == (0, json.dumps(FIRST, indent=2) + "\n")
    assert run("diff", "moved/1", "moved") == (
        0,
        "BACKWARD\n  id: type widened: integer → number (breaks readers)\n",
    )


def test_a_breaking_version_is_refused_with_the_reason(run, document):
    run("publish", document(SECOND))
    status, said = run("publish", document(FIRST))
    assert status == 1
    assert "moved/2#: not BACKWARD: 1 change breaks it" in said
    assert "  since version 1: id: type narrowed: number → integer (breaks producers)" in said
    assert run("check", document(FIRST))[0] == 1
    assert run("publish", document(FIRST), "--level", "FORWARD")[0] == 0


def test_what_can_not_be_used_is_one_sentence(run, document, tmp_path, capsys):
    assert run("show", "nothing")[0] == 2
    assert run("list", "nothing")[0] == 2
    assert run("publish", str(tmp_path / "absent.json")) == (
        2,
        f"toolkit: {tmp_path / 'absent.json'}: there is no such file; check the path\n",
    )
    assert main(["schema", "publish", document(FIRST)]) == 2
    assert "the sample schemas are no place to publish in" in capsys.readouterr().err
    assert main(["schema", "list", "--repository", "glue://"]) == 2
