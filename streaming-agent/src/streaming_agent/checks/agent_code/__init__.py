"""Rules over an agent's Python code: its syntax tree is read, nothing of it is imported or run."""

from ..rule import Rule
from . import blocking, import_state, no_heartbeat, raw_events, swallowed, whole_answer
from .module import AgentModule, CodeHit

CODE_RULES = (whole_answer, raw_events, blocking, no_heartbeat, import_state, swallowed)
AGENT_RULES: tuple[Rule, ...] = tuple(module.RULE for module in CODE_RULES)

__all__ = ["AGENT_RULES", "CODE_RULES", "AgentModule", "CodeHit"]
