"""The templates as text, ready for CloudFormation's CreateStack."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Literal

from toolkit.errors import InvalidInput

_PARAMETER = re.compile(r"  (\w+):")
_FACT = re.compile(r"    (\w+): (.*)")
TemplateName = Literal["platform", "event", "registry", "key"]


def template_text(name: TemplateName = "platform") -> str:
    """
    Return a template in YAML.

    ``platform`` is the whole of both forms; ``event`` the delivery stream of one further event; ``registry`` what emulators
    refuse: the Glue Schema Registry, and a crawler that reports drift; ``key`` a KMS key that all services may use.
    """
    return files(__package__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")


def parameters(text: str) -> dict[str, dict[str, str]]:
    """Return what a template of ours says of each parameter: Type, Default, AllowedPattern, AllowedValues, MinValue and so on."""
    found: dict[str, dict[str, str]] = {}
    name = ""
    for line in text.partition("\nParameters:\n")[2].splitlines():
        if line and not line.startswith(" "):
            break
        if new := _PARAMETER.fullmatch(line):
            name = new[1]
            found[name] = {}
        elif fact := _FACT.fullmatch(line):
            value = fact[2]
            found[name][fact[1]] = json.loads(value) if value.startswith('"') else value
    return found


def check_parameters(text: str, given: Mapping[str, str]) -> None:
    """
    Hold the values *given* against the parameters of a template, as CloudFormation would once all had been uploaded.

    Raises:
        InvalidInput: one is unknown, missing, or not what it may be, alone or beside the others.
    """
    known = parameters(text)
    for name in given.keys() - known.keys():
        raise InvalidInput(f"{name}: the template has no such parameter; it has: {', '.join(known)}")
    for name, facts in known.items():
        value = given.get(name, facts.get("Default"))
        if value is None:
            raise InvalidInput(f"{name}: expected a value: {facts['Description']}")
        if expected := _refusal(value, facts):
            raise InvalidInput(f"{name}: expected {expected}, found {value!r}: {facts['Description']}")
    if given.get("PartitionKeys") and given.get("Form", known["Form"]["Default"]) != "grown":
        raise InvalidInput(
            f"PartitionKeys: expected none, or Form grown with them, found {given['PartitionKeys']!r}: Firehose parts what it "
            "stores by the day alone, and no query would find it"
        )


def check_names(bucket: str, prefix: str) -> None:
    """
    Hold the two names that all others are made of against what the template takes for them.

    Raises:
        InvalidInput: one is not what it may be; says which option.
    """
    known = parameters(template_text())
    for option, parameter, value in (("--bucket", "EventsBucketName", bucket), ("--prefix", "NamePrefix", prefix)):
        if expected := _refusal(value, known[parameter]):
            raise InvalidInput(f"{option}: expected {expected}, found {value!r}: {known[parameter]['Description']}")


def _refusal(value: str, facts: Mapping[str, str]) -> str:
    """Return what is expected where *value* is something else."""
    if facts["Type"] == "Number" and not value.isdecimal():
        return "a whole number"
    if "AllowedValues" in facts and value not in (allowed := re.findall(r"[\w-]+", facts["AllowedValues"])):
        return f"one of {', '.join(allowed)}"
    if not re.fullmatch(facts.get("AllowedPattern", ".*"), value):
        return f"what matches {facts['AllowedPattern']}"
    least, most = facts.get("MinValue"), facts.get("MaxValue")
    if facts["Type"] == "Number" and not int(least or 0) <= int(value) <= int(most or value):
        return f"a number from {least or 0}" + (f" to {most}" if most else " on")
    return "more characters" if len(value) < int(facts.get("MinLength", 0)) else ""


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
