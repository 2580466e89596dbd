"""Which Python runs an agent."""

import sys
from pathlib import Path

from streaming_agent.local.agent_code import AgentCode, agent_program


def test_the_current_one_if_it_has_what_the_agent_requires(tmp_path: Path) -> None:
    agent = tmp_path / "agent"
    agent.mkdir()
    (agent / "agent.py").touch()
    (agent / "requirements.txt").write_text("pytest>=9\n")
    program = agent_program(AgentCode(agent, agent / "agent.py"), {}, tmp_path / "cache")
    assert program.interpreter == Path(sys.executable)
