"""Whether the answer streams: as far as timing and headers show it, and by the template where that is known."""

from collections.abc import Iterator

from .probe import Exchange
from .report import Check, Verdict

_GROUP = "streaming"
_MODE = "set ResponseTransferMode STREAM on the method's integration, and deploy the stage again"
# A buffered answer comes within a few milliseconds of its end, however long it took to make.
_AT_ONCE = 0.1
_LONG_ENOUGH_SECONDS = 0.3


def check_streaming(answer: Exchange, template_mode: str | None, reason: str = "") -> Iterator[Check]:
    """The checks of a good answer. `reason`: why the token may have been refused, as far as it shows it."""
    if answer.status != 200:
        advice = "check the address, and look at the agent's log"
        if answer.status in (401, 403):
            advice = reason or "sign in to this stack's own pool"
        yield Check(_GROUP, "a good token is let in", Verdict.FAILED, answer.said, advice)
        return
    yield Check(_GROUP, "a good token is let in", Verdict.PASSED, "200")
    yield _first_before_last(answer)
    yield _transfer_mode(answer, template_mode)
    kind = answer.headers.get("Content-Type", "")
    is_events = kind.startswith("text/event-stream")
    yield Check(
        _GROUP,
        "the answer is server-sent events",
        Verdict.PASSED if is_events else Verdict.FAILED,
        kind or "no content type",
        "let the agent yield: bedrock-agentcore sends a generator as text/event-stream",
    )
    yield Check(
        _GROUP,
        "the answer comes to its end",
        Verdict.PASSED if answer.whole else Verdict.FAILED,
        f"{answer.size} bytes in {answer.last:.2f} s" + ("" if answer.whole else ", then it was cut"),
        "look at the agent's log, and at the integration's timeout",
    )


def _first_before_last(answer: Exchange) -> Check:
    name = "the first chunk comes before the last is made"
    spread = answer.last - answer.first
    found = f"first after {answer.first:.2f} s, last after {answer.last:.2f} s, {len(answer.arrivals)} chunks"
    if answer.last < _LONG_ENOUGH_SECONDS:
        advice = "ask with --prompt for something that takes the agent a second or more"
        return Check(_GROUP, name, Verdict.UNCLEAR, f"{found}: too short to tell", advice)
    if spread < _AT_ONCE * answer.last:
        return Check(_GROUP, name, Verdict.FAILED, f"{found}: the answer came at once", _MODE)
    return Check(_GROUP, name, Verdict.PASSED, found)


def _transfer_mode(answer: Exchange, template_mode: str | None) -> Check:
    name = "the transfer mode is STREAM"
    if template_mode is not None:
        verdict = Verdict.PASSED if template_mode == "STREAM" else Verdict.FAILED
        return Check(_GROUP, name, verdict, f"the template says {template_mode}", _MODE)
    # a buffered answer's length is known before its first byte is sent
    length = answer.headers.get("Content-Length")
    if length is not None:
        return Check(_GROUP, name, Verdict.FAILED, f"the answer has Content-Length {length}", _MODE)
    return Check(_GROUP, name, Verdict.PASSED, "the answer has no Content-Length")
