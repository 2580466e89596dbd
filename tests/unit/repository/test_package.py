"""The package itself: its types, its public names, and what an import of it costs."""

import subprocess
import sys
from importlib import resources

import pytest

import streaming_agent_construct


def test_ships_its_types() -> None:
    assert resources.files("streaming_agent_construct").joinpath("py.typed").is_file()


def test_every_public_name_is_there() -> None:
    for name in streaming_agent_construct.__all__:
        assert getattr(streaming_agent_construct, name).__name__ == name


def test_a_name_that_is_not_there_is_refused_as_python_does() -> None:
    with pytest.raises(AttributeError, match="no attribute 'StreamingAgentAPI'"):
        _ = streaming_agent_construct.StreamingAgentAPI  # type: ignore[attr-defined]


@pytest.mark.parametrize("module", ["streaming_agent", "streaming_agent.cli", "streaming_agent.client"])
def test_the_second_distribution_does_not_load_aws_cdk(module: str) -> None:
    check = f"import sys, {module}; sys.exit('aws_cdk' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
