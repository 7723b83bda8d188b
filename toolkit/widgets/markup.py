"""
HTML that reads well in JupyterLab's light and dark themes, in a saved notebook, and on a code host.

Colours are JupyterLab's variables, with a fallback where there are none. Every text is escaped here.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

BORDER = "1px solid var(--jp-border-color2, #bdbdbd)"
_PRE = (
    "font-family: var(--jp-code-font-family, monospace); font-size: var(--jp-code-font-size, 13px); line-height: 1.4; "
    "white-space: pre-wrap; word-break: normal; overflow-wrap: anywhere; margin: 0; padding: 8px; max-height: 26em; "
    "overflow: auto; color: var(--jp-content-font-color1, #212121); background: var(--jp-layout-color1, #fff); "
    f"border: {BORDER}"
)
TEXT = (
    "font-size: var(--jp-ui-font-size1, 13px); line-height: 1.4; color: var(--jp-content-font-color1, #212121); "
    "overflow-wrap: break-word"
)
# What may become of a value in a table: its mark, and the mark's colour, the worst first.
EFFECTS = {
    "error": ("✗", "var(--jp-error-color1, #d32f2f)"),
    "null": ("∅", "var(--jp-warn-color1, #f57c00)"),
    "dropped": ("−", "var(--jp-warn-color1, #f57c00)"),
    "changed": ("~", "var(--jp-warn-color1, #f57c00)"),
    "rounded": ("~", "var(--jp-warn-color1, #f57c00)"),
}
WORST_FIRST = tuple(EFFECTS)
_COLOURS = {
    "string": "var(--jp-mirror-editor-string-color, #ba2121)",
    "name": "var(--jp-mirror-editor-def-color, #0000ff)",
    "keyword": "var(--jp-mirror-editor-keyword-color, #008000)",
    "comment": "var(--jp-mirror-editor-comment-color, #408080)",
}
# Single-quoted literals with backslash escapes, names in backticks or double quotes with doubled ones, words in capitals.
_SQL = re.compile(
    r"(?P<string>'(?:[^'\\]|\\.)*')|(?P<name>`(?:[^`]|``)*`|\"(?:[^\"]|\"\")*\")|(?P<keyword>\b[A-Z][A-Z]+\b)", re.S
)
_PYTHON = re.compile(
    r"(?P<string>'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\")|(?P<comment>#[^\n]*)|(?P<keyword>\b(?:from|import|with|as)\b)"
)


def sql_html(sql: str) -> str:
    """Return the statement *sql*, highlighted."""
    return _code_html(sql, _SQL)


def python_html(code: str) -> str:
    """Return the lines of Python *code*, highlighted."""
    return _code_html(code, _PYTHON)


def _code_html(text: str, grammar: re.Pattern[str]) -> str:
    parts, end = [], 0
    for found in grammar.finditer(text):
        colour = _COLOURS[found.lastgroup or "name"]
        parts.append(_breakable(text[end : found.start()]))
        parts.append(f'<span style="color: {colour}">{html.escape(found.group())}</span>')
        end = found.end()
    parts.append(_breakable(text[end:]))
    return code_block("".join(parts))


def code_block(content: str) -> str:
    """Return *content*, which is HTML already, as a block of code."""
    # tabindex: what scrolls must be reachable with the keyboard.
    return f'<pre tabindex="0" style="{_PRE}">{content}</pre>'


def folded_html(title: str, content: str) -> str:
    """Return *content*, which is HTML already, below *title*, to be opened with a click or a key."""
    return (
        f'<details style="{TEXT}"><summary style="cursor: pointer; padding: 4px 0">{html.escape(title)}</summary>'
        f"{content}</details>"
    )


def progress_html(fraction: float | None, *, label: str) -> str:
    """Return a bar filled to *fraction* of 1; one that only says that something goes on, where that is None."""
    value = "" if fraction is None else f' value="{min(1.0, fraction):.3f}"'
    return f'<progress max="1"{value} aria-label="{html.escape(label)}" style="width: 100%"></progress>'


def _breakable(text: str) -> str:
    # The type of a nested column is one long word; it may go on to the next line after a comma.
    return html.escape(text).replace(",", ",<wbr>")


def table_html(heads: Sequence[str], rows: Iterable[Sequence[object]], *, caption: str = "") -> str:
    """Return a table of texts; *caption* stands above it."""
    cell = "padding: 3px 8px; text-align: left; vertical-align: top"
    head = "".join(
        f'<th scope="col" style="{cell}; border-bottom: {BORDER}">{html.escape(name)}</th>' for name in heads
    )
    body = "".join(
        "<tr>" + "".join(f'<td style="{cell}">{html.escape(str(value))}</td>' for value in row) + "</tr>"
        for row in rows
    )
    title = f'<caption style="text-align: left; padding: 3px 0">{html.escape(caption)}</caption>' if caption else ""
    return (
        '<div tabindex="0" style="overflow: auto; max-height: 26em"><table style="border-collapse: collapse; '
        'font-size: var(--jp-ui-font-size1, 13px); line-height: 1.4; color: var(--jp-content-font-color1, #212121)">'
        f"{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def list_html(sentences: Iterable[str], *, title: str) -> str:
    """Return *sentences* as a list under *title*, in the colour of errors; "" if there are none."""
    items = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in sentences)
    if not items:
        return ""
    return (
        '<div style="line-height: 1.4; padding: 4px 8px; border-left: 4px solid var(--jp-error-color1, #d32f2f); '
        f'color: var(--jp-content-font-color1, #212121)"><strong>{html.escape(title)}</strong>'
        f'<ul style="margin: 0; padding-left: 1.4em">{items}</ul></div>'
    )


def status_html(message: str, *, state: str = "") -> str:
    """Return *message* as a line that screen readers announce when it changes."""
    marks = {"done": "✓ ", "failed": "✗ ", "cancelled": "■ ", "running": "… "}
    return (
        '<div role="status" aria-live="polite" style="line-height: 1.4; overflow-wrap: anywhere; '
        f'color: var(--jp-content-font-color1, #212121)">{marks.get(state, "")}{html.escape(message)}</div>'
    )
