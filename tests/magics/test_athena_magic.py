import json
import signal
import threading

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from toolkit import aws
from toolkit.athena import Athena
from toolkit.errors import AwsError, BudgetExceeded, InvalidInput, QueryFailed
from toolkit.magics import read_options


@pytest.fixture
def shell(platform, tmp_path, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    # IPython warns where another environment is active than the one that runs.
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    config = Config()
    config.HistoryManager.enabled = False
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance(config=config)
    shell.run_line_magic("load_ext", "toolkit")
    yield shell
    InteractiveShell.clear_instance()


@pytest.fixture
def database(platform, bucket):
    lines = [{"n": n, "who": {"name": name}} for n, name in enumerate(("Ada", "Bob", "it's"))]
    body = "\n".join(json.dumps(line) for line in lines).encode()
    aws.call("s3", "put_object", Bucket=bucket, Key="t/1.json", Body=body)
    name = bucket.replace("-", "_")
    with Athena() as athena:
        athena.execute(f"CREATE DATABASE `{name}`")
        athena.execute(
            f"CREATE EXTERNAL TABLE `{name}`.`people` (`n` bigint, `who` struct<`name`:string>) "
            f"ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://{bucket}/t/'"
        )
    return name


def run(shell, line, sql):
    return shell.run_cell_magic("athena", line, sql)


def test_rows_come_into_a_variable_with_parameters_bound_from_the_notebook(shell, database, capsys):
    shell.user_ns.update(name="it's", numbers=[0, 2])
    assert run(shell, f"found --database {database}", "SELECT n FROM people WHERE who.name = :name") is None
    assert shell.user_ns["found"]["n"].tolist() == [2]
    size = aws.call("s3", "head_object", Bucket=database.replace("_", "-"), Key="t/1.json")["ContentLength"]
    assert capsys.readouterr().out == f"1 row; {size} bytes read, $0.00005\n"
    # The database stays; without a name the rows are what the cell shows.
    frame = run(shell, "", "SELECT n FROM people WHERE n IN (:numbers) ORDER BY n;\n")
    assert frame["n"].tolist() == [0, 2]
    frame = run(shell, "--params name,2", "SELECT n FROM people WHERE who.name = ? AND n = ?")
    assert frame["n"].tolist() == [2]
    assert shell.run_line_magic("athena", "--reuse 5 SELECT count(*) AS c -- three\nFROM people")["c"].tolist() == [3]


def test_a_hostile_value_stays_a_value(shell, database):
    shell.user_ns["name"] = "' OR 1 = 1 --"
    assert len(run(shell, f"-d {database}", "SELECT n FROM people WHERE who.name = :name")) == 0
    shell.user_ns["evil"] = "{{ 1 }} ${x} :name ?"
    assert run(shell, "", "SELECT :evil AS x")["x"].tolist() == ["{{ 1 }} ${x} :name ?"]


def test_the_cost_can_be_told_and_bounded_beforehand(shell, database, capsys):
    run(shell, f"--estimate -d {database}", "SELECT n FROM people")
    assert capsys.readouterr().out.startswith("reads ")
    with pytest.raises(BudgetExceeded, match=r"not started: the query would read up to \d+ bytes, the budget is 10"):
        run(shell, "--max-bytes 10", "SELECT n FROM people")
    # What was set stays, until it is set again.
    with pytest.raises(BudgetExceeded):
        run(shell, "", "SELECT n FROM people")
    assert len(run(shell, "--budget=1MB", "SELECT n FROM people")) == 3


def test_an_earlier_result_is_taken_only_where_that_is_asked_for(shell, database, capsys):
    sql = "SELECT n FROM people ORDER BY n DESC"
    run(shell, f"-d {database} --reuse 10", sql)
    assert capsys.readouterr().out.endswith("bytes read, $0.00005\n")
    assert run(shell, "--reuse 10", sql)["n"].tolist() == [2, 1, 0]
    assert capsys.readouterr().out == "3 rows; 0 bytes read, an earlier result, free\n"
    run(shell, "", sql)
    assert capsys.readouterr().out.endswith("bytes read, $0.00005\n")


def test_a_fault_is_shown_at_its_line(shell, database):
    with pytest.raises(QueryFailed) as caught:
        run(shell, f"-d {database}", "SELECT n,\n       nothing\nFROM people")
    assert str(caught.value).endswith(
        "line 2:8: Column 'nothing' cannot be resolved\n\n"
        "  1 | SELECT n,\n> 2 |        nothing\n    |        ^\n  3 | FROM people"
    )
    assert caught.value._render_traceback_() == [f"QueryFailed: {caught.value}"]
    with pytest.raises(AwsError, match=r"(?s)mismatched input.*> 1 \| SELEC n"):
        run(shell, "", "SELEC n")


@pytest.mark.parametrize(
    ("line", "sql", "message"),
    [
        ("", "  ", "the statement is empty"),
        ("two names", "SELECT 1", "%%athena two names: expected the name of one variable"),
        ("class", "SELECT 1", "%%athena class: expected the name of one variable"),
        ("--reuse soon", "SELECT 1", "option --reuse: expected minutes from 1 to 10080 (a week), found 'soon'"),
        ("--budget much", "SELECT 1", "size 'much': expected a number of bytes"),
        ("--nonsense 1", "SELECT 1", "option --nonsense: expected one of --database"),
        ("--database", "SELECT 1", "option --database: expected a value, found the end of the line"),
        ("", "SELECT :missing", ":missing needs a variable of that name in the notebook; set missing = … first"),
        ("", "SELECT ?", "the statement has ? for values: name their variables with --params"),
        ("--params who.nme", "SELECT ?", "--params who.nme: 'str' object has no attribute 'nme'"),
        ("--params __import__('os')", "SELECT ?", "--params __import__('os'): expected a variable of the notebook"),
    ],
)
def test_bad_input_is_an_ordinary_error_in_one_sentence(shell, line, sql, message):
    shell.user_ns["who"] = "Ann"
    with pytest.raises(InvalidInput) as caught:
        run(shell, line, sql)
    assert str(caught.value).startswith(message)


def test_a_comment_at_the_start_is_no_option():
    assert read_options("-- a comment\nSELECT 1", is_cell=False).rest == "-- a comment\nSELECT 1"
    assert read_options("--budget='1 MB' -d shop SELECT 'a  b'", is_cell=False).rest == "SELECT 'a  b'"


SLOW = """SELECT count(*) AS c
FROM UNNEST(sequence(1, 10000)) AS a (x), UNNEST(sequence(1, 10000)) AS b (y), UNNEST(sequence(1, 1000)) AS c (z)
WHERE x * y + z < 0"""


def test_an_interrupt_stops_the_query_on_athena(shell):
    def interrupt_when_it_runs():
        for _ in range(600):
            last = next(iter(magics._connections.values())).last_execution if magics._connections else None
            if last is not None and last.state == "RUNNING":
                signal.raise_signal(signal.SIGINT)
                return
            threading.Event().wait(0.1)

    magics = shell.magics_manager.registry["AthenaMagics"]
    thread = threading.Thread(target=interrupt_when_it_runs)
    thread.start()
    with pytest.raises(KeyboardInterrupt) as caught:
        run(shell, "", SLOW)
    thread.join()
    query_id = next(iter(magics._connections.values())).last_execution.query_execution_id
    # The cell shows this sentence, and no way through the toolkit.
    assert caught.value._render_traceback_() == [f"interrupted: query {query_id} was stopped on Athena"]
    status = aws.call("athena", "get_query_execution", QueryExecutionId=query_id)["QueryExecution"]["Status"]
    assert status["State"] == "CANCELLED"


def completions(shell, text):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shell.Completer, "use_jedi", False)
        _, found = shell.complete(None, text, len(text)) if "\n" not in text else _multi_line(shell, text)
    return found


def _multi_line(shell, text):
    lines = text.split("\n")
    found = shell.Completer._complete(full_text=text, cursor_line=len(lines) - 1, cursor_pos=len(lines[-1]))
    return None, [completion.text for completion in found["toolkit.athena"]["completions"]]


def test_names_of_tables_and_columns_are_completed(shell, database):
    head = f"%%athena -d {database}\n"
    assert completions(shell, f"{head}SELECT * FROM peo") == ["people"]
    assert completions(shell, f"{head}SELECT n FROM people WHERE wh") == ["who", "who.name"]
    assert completions(shell, f"{head}SELECT n FROM people AS p WHERE p.who.n") == ["p.who.name"]
    assert completions(shell, f"{head}SELECT * FROM {database}.p") == [f"{database}.people"]
    assert database in completions(shell, f"{head}SELECT * FROM {database[:12]}")
    matcher = next(
        found
        for found in shell.Completer.custom_matchers
        if getattr(found, "matcher_identifier", "") == "toolkit.athena"
    )
    assert list(matcher.names("", "", "zzz")) == []


def test_loading_again_does_not_double_the_completion(shell):
    before = len(shell.Completer.custom_matchers)
    shell.run_line_magic("reload_ext", "toolkit")
    assert len(shell.Completer.custom_matchers) == before
