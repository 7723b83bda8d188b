"""The options of ``%%athena``, read from its first line."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from toolkit.athena.executions import bytes_from_text
from toolkit.errors import InvalidInput

USAGE = """\
%%athena [DF_NAME] [--database NAME] [--work-group NAME] [--output-location S3URI] [--budget SIZE] [--reuse MINUTES]
         [--params NAME,NAME] [--estimate]
SELECT … WHERE dt = :day          -- :day is the notebook's variable, bound by Athena

  DF_NAME             the variable that gets the DataFrame; without it the cell shows the DataFrame
  --database, -d      the database of unqualified table names; stays for later cells
  --work-group, -w    the work group; stays for later cells
  --output-location   where Athena writes results; stays for later cells
  --budget            a query that would read more does not run, such as 500MB (also --max-bytes); stays for later cells
  --reuse             take a result of the same statement that is at most so many minutes old
  --params            the variables for the ? of the statement, in order
  --estimate          tell what the query would read and cost, and do not run it
%athena takes the same options before a statement on its own line; without a statement it sets what stays."""

_NAMES = {
    "--database": "database",
    "-d": "database",
    "--work-group": "work_group",
    "-w": "work_group",
    "--output-location": "output_location",
    "--budget": "budget",
    "--max-bytes": "budget",
    "--reuse": "reuse",
    "--params": "params",
}
_FLAGS = {"--estimate": "estimate", "--help": "help", "-h": "help"}
_WORD = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|[^\s"'])+)""")


@dataclass(frozen=True, slots=True)
class MagicOptions:
    """What the first line says; None is what it does not say. ``rest`` is what follows the options, stripped."""

    database: str | None = None
    work_group: str | None = None
    output_location: str | None = None
    budget_in_bytes: int | None = None
    reuse_minutes: int | None = None
    params: tuple[str, ...] | None = None
    estimate: bool = False
    help: bool = False
    rest: str = ""

    def after(self, earlier: MagicOptions) -> MagicOptions:
        """Return these options, with what stays of *earlier* ones where these say nothing."""
        return replace(self, **{name: getattr(earlier, name) for name in STAYING if getattr(self, name) is None})


STAYING = ("database", "work_group", "output_location", "budget_in_bytes")


def read_options(line: str, *, is_cell: bool) -> MagicOptions:
    """
    Return the options at the start of *line*; those of a cell may follow the name of its DataFrame too.

    Raises:
        InvalidInput: an option is not known, or lacks its value, or the value is none of its kind.
    """
    given: dict[str, Any] = {}
    rest: list[str] = []
    position = 0
    while found := _WORD.match(line, position):
        word = found[1]
        # A comment begins with two dashes as well.
        if not word.startswith("-") or not re.match(r"--?[a-z]", word):
            if not is_cell:
                break
            rest.append(word)
            position = found.end()
            continue
        position = _take(line, found, given)
    if not is_cell:
        rest.append(line[position:].strip())
    return MagicOptions(**given, rest=" ".join(rest).strip())


def _take(line: str, found: re.Match[str], given: dict[str, Any]) -> int:
    name, sign, value = found[1].partition("=")
    if name in _FLAGS:
        given[_FLAGS[name]] = True
        return found.end()
    if name not in _NAMES:
        raise InvalidInput(f"option {name}: expected one of {', '.join([*_NAMES, *_FLAGS])}, found none of them")
    end = found.end()
    if not sign:
        following = _WORD.match(line, end)
        if following is None:
            raise InvalidInput(f"option {name}: expected a value, found the end of the line")
        value, end = following[1], following.end()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    _keep(given, name, value)
    return end


def _keep(given: dict[str, Any], name: str, value: str) -> None:
    match _NAMES[name]:
        case "budget":
            given["budget_in_bytes"] = bytes_from_text(value)
        case "reuse":
            if not value.isdecimal() or not 0 < int(value) <= 10_080:
                raise InvalidInput(f"option {name}: expected minutes from 1 to 10080 (a week), found {value!r}")
            given["reuse_minutes"] = int(value)
        case "params":
            given["params"] = tuple(part.strip() for part in value.split(",") if part.strip())
        case attribute:
            given[attribute] = value
