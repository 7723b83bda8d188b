"""What deploys the platform: templates, the functions' zip, the stack, its resources without CloudFormation, its cost."""

from toolkit.infra.cost import Cost, Volume, cost_lines, cost_of_grown, cost_of_mvp
from toolkit.infra.deploying import StackStatus, deploy, stack_parameters, status, teardown
from toolkit.infra.names import PlatformNames
from toolkit.infra.packaging import Package, build_package
from toolkit.infra.resources import create_resources, delete_resources, resource_states
from toolkit.infra.template import check_names, template_text

__all__ = [
    "Cost",
    "Package",
    "PlatformNames",
    "StackStatus",
    "Volume",
    "build_package",
    "check_names",
    "cost_lines",
    "cost_of_grown",
    "cost_of_mvp",
    "create_resources",
    "delete_resources",
    "deploy",
    "resource_states",
    "stack_parameters",
    "status",
    "teardown",
    "template_text",
]
