"""The templates as text, ready for CloudFormation's CreateStack."""

from __future__ import annotations

from importlib.resources import files
from typing import Literal

TemplateName = Literal["platform", "event", "registry", "key"]


def template_text(name: TemplateName = "platform") -> str:
    """
    Return a template in YAML.

    ``platform`` is the whole of both forms; ``event`` the delivery stream of one further event; ``registry`` what emulators
    refuse: the Glue Schema Registry, and a crawler that reports drift; ``key`` a KMS key that all services may use.
    """
    return files(__package__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")


def compact_template(text: str) -> str:
    """
    Return a template without its comments and without what checkov is told, and half as far indented.

    CloudFormation takes 51,200 bytes in a call. The result makes the same stack.
    """
    kept: list[str] = []
    inside = -1
    for line in text.splitlines():
        indent = len(line) - len(line.lstrip())
        if inside >= 0 and (indent > inside or not line.strip()):
            continue
        inside = -1
        if line.strip() == "Metadata:":
            inside = indent
        elif line.strip() and not line.lstrip().startswith("#"):
            # What follows a dash stands two columns behind it, however far that is indented.
            kept.append(" " * (indent // 2 - line.lstrip().startswith("- ")) + line.lstrip())
    return "\n".join(kept) + "\n"
