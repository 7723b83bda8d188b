"""The template as text, ready for CloudFormation's CreateStack."""

from __future__ import annotations

from importlib.resources import files


def template_text() -> str:
    """
    Return the template of the platform in YAML.

    It makes the events queue with its redrive queue, the queue of valid events, the dead-letter queue of invalid ones, and
    the bucket of the events; the functions that connect them are yet to come. Deploy it with
    ``aws cloudformation deploy --template-file``.
    """
    return files(__package__).joinpath("platform.yaml").read_text(encoding="utf-8")
