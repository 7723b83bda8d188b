import argparse

import pytest

from toolkit.cli_bench import FOLDER, benchmarks, run_bench
from toolkit.errors import InvalidInput


def test_every_benchmark_asks_a_question():
    found = benchmarks()
    assert {f"bench_{name}.py" for name in found} == {path.name for path in FOLDER.glob("bench_*.py")}
    assert [name for name, question in found.items() if not question.rstrip().endswith(("?", ","))] == []


def test_the_list_names_them_all(capsys):
    assert run_bench(argparse.Namespace(name="", arguments=[])) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(benchmarks())


def test_an_unknown_name_is_refused():
    with pytest.raises(InvalidInput, match=r"no benchmark named 'nope'; there are: .*growth"):
        run_bench(argparse.Namespace(name="nope", arguments=[]))


def test_arguments_reach_the_benchmark(capfd):
    assert run_bench(argparse.Namespace(name="growth", arguments=["--help"])) == 0
    assert "How do time and memory grow" in capfd.readouterr().out
