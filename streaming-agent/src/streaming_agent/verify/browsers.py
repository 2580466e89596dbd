"""Whether a web page may ask: CORS on the preflight, on errors and on the answer itself."""

from collections.abc import Iterator

from .probe import Exchange, Prober
from .report import Check, Verdict

_GROUP = "web pages"
_FOREIGN = "https://foreign.example"
_ALLOWED = "Access-Control-Allow-Origin"


def check_browsers(prober: Prober, token: str, origin: str | None) -> Iterator[Check]:
    """The checks of one origin that may ask, and of one that may not."""
    if origin is None:
        yield Check(_GROUP, "a page's requests", Verdict.SKIPPED, "no --origin was given")
    else:
        before = prober.preflight(origin)
        headers = before.headers.get("Access-Control-Allow-Headers", "").lower()
        open_to_it = before.status < 300 and _is_open(before, origin) and ("authorization" in headers or headers == "*")
        advice = f"give StreamingAgentApi cors=Cors(allow_origins=['{origin}'])"
        yield _check("the preflight lets it ask", open_to_it, before, advice)
        refused = prober.post(None, headers={"Origin": origin})
        yield _check("an error is readable", _is_open(refused, origin), refused, advice)
        answer = prober.post(token, headers={"Origin": origin})
        own = "the agent itself must answer with Access-Control-Allow-Origin: API Gateway adds nothing to a stream"
        yield _check("the answer is readable", _is_open(answer, origin), answer, own)
    if origin != "*":
        foreign = prober.preflight(_FOREIGN)
        advice = "name the origins in Cors(allow_origins=[…]) instead of '*'"
        yield _check("another page may not ask", not _is_open(foreign, _FOREIGN), foreign, advice)


def _is_open(answer: Exchange, origin: str) -> bool:
    return answer.headers.get(_ALLOWED) in (origin, "*")


def _check(name: str, passed: bool, answer: Exchange, advice: str) -> Check:
    found = f"{answer.status}, {_ALLOWED} {answer.headers.get(_ALLOWED, 'missing')}"
    return Check(_GROUP, name, Verdict.PASSED if passed else Verdict.FAILED, found, advice)
