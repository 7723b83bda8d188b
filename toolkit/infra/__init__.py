"""The CloudFormation template that deploys the platform's queues and bucket."""

from toolkit.infra.template import template_text

__all__ = ["template_text"]
