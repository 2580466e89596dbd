"""The CDK app of one step: `python -m integ.app D6 oidc`, as the CDK CLI runs it."""

import sys

from aws_cdk import App

from .lines import chosen
from .stacks import build, new_stack


def app(line_id: str, step: str, **settings: object) -> App:
    """The app with the stack of one step."""
    (line,) = chosen([line_id])
    made = App(**settings)  # type: ignore[arg-type]
    build(new_stack(made, line), line.id, step)
    return made


if __name__ == "__main__":
    app(*sys.argv[1:]).synth()
