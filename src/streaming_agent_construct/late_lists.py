"""Lists whose elements only the deployment knows, such as a parameter's: the CDK gives one token in their place."""

from collections.abc import Sequence

from .errors import StreamingAgentError


def check_list_is_known(name: str, values: Sequence[str]) -> None:
    """Refuses a list of which only the deployment knows how many elements it has."""
    for value in values:
        if value.startswith("#{Token["):
            raise StreamingAgentError(
                "SAC194",
                f"{name}: expected a list whose length is known at synthesis, got one known only at deployment; name "
                "its elements, as in [Fn.select(0, values), Fn.select(1, values)]",
            )
