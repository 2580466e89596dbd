"""Whether the API refuses what it must: wrong tokens, and what callers must not choose."""

from collections.abc import Iterator
from uuid import uuid4

from ..client.session_id import SESSION_HEADER
from .forged_tokens import forged
from .probe import Exchange, Prober
from .report import Check, Verdict

_REFUSED = (401, 403)
_ADVICE = {
    "per-user": "map the session header from the token's sub at the gateway: SessionBinding.PER_USER does",
    "per-sign-in": "map the session header from the token's origin_jti at the gateway: SessionBinding.PER_SIGN_IN does",
    "per-request": "map the session header from the request's id at the gateway: SessionBinding.PER_REQUEST does",
}


def check_tokens(prober: Prober, layer: str, url: str, token: str, other: str | None) -> Iterator[Check]:
    """No token, the other of the sign-in's two, and forged ones, at one layer."""
    group = f"tokens that the {layer} refuses"
    wrong: list[tuple[str, str | None]] = [("none at all", None)]
    if other is not None:
        wrong.append(("the other of the sign-in's two tokens", other))
    for what, sent in [*wrong, *((f"one {what}", sent) for what, sent in forged(token))]:
        answer = prober.post(sent, url=url)
        refused = answer.status in _REFUSED
        advice = f"the {layer}'s authorizer must pin the algorithm, the issuer, the client and token_use"
        yield Check(group, what, Verdict.PASSED if refused else Verdict.FAILED, answer.said, advice)


def check_query(prober: Prober, token: str) -> Iterator[Check]:
    """API Gateway hands a client's query string on, so the firewall must stop what addresses the runtime."""
    for name, value in (("qualifier", "DEFAULT"), ("accountId", "123456789012"), ("%71ualifier", "DEFAULT")):
        joined = "&" if "?" in prober.url else "?"
        answer = prober.post(token, url=f"{prober.url}{joined}{name}={value}")
        yield Check(
            "what callers must not choose",
            f"the query argument {name}",
            Verdict.PASSED if answer.status == 403 else Verdict.FAILED,
            answer.said,
            "block qualifier and accountId with a WAF rule: Firewall.managed() does",
        )


def check_session(prober: Prober, token: str, usual: Exchange, binding: str) -> Check:
    """Whether a session id from outside is taken."""
    group, name = "what callers must not choose", "the session"
    if binding == "client":
        return Check(group, name, Verdict.SKIPPED, "this API lets callers choose it")
    chosen = f"chosen-by-the-caller-{uuid4()}"
    answer = prober.post(token, headers={SESSION_HEADER: chosen})
    used, before = answer.headers.get(SESSION_HEADER), usual.headers.get(SESSION_HEADER)
    advice = _ADVICE.get(binding, _ADVICE["per-user"])
    if answer.status == 403:
        return Check(group, name, Verdict.PASSED, f"{answer.said}: refused")
    if answer.status != 200 or used is None:
        found = f"{answer.said}, and no session named in the answer"
        return Check(group, name, Verdict.UNCLEAR, found, "ask again, or look which session the agent saw")
    if used == chosen:
        return Check(group, name, Verdict.FAILED, "the caller's session id was taken", advice)
    if binding in ("per-user", "per-sign-in") and used != before:
        return Check(group, name, Verdict.FAILED, "each call has a session of its own, so nothing is kept", advice)
    if binding == "per-request" and used == before:
        return Check(group, name, Verdict.FAILED, "two calls shared a session", advice)
    return Check(group, name, Verdict.PASSED, "the caller's session id was not taken")
