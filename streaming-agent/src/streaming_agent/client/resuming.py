"""What it means when the rest of a cut answer cannot be had."""

from .call_errors import AgentFailed, StreamInterrupted


def lost(failed: AgentFailed, resumed: StreamInterrupted | None) -> AgentFailed | StreamInterrupted:
    """The error to raise: the agent's own, or that it no longer has the rest of what was cut before."""
    if resumed is None or failed.kind != "nothing_to_resume":
        return failed
    return StreamInterrupted(
        "CLI060", f"{resumed.sentence}, and the agent no longer has the rest of the answer: ask again"
    )
