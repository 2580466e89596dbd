"""The whole verification, from one good sign-in."""

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace

from ..client import AgentAddress, AgentClient, ClientError, TokenSource, TokenUse
from ..client.token_reasons import refused_because
from .browsers import check_browsers
from .probe import Prober
from .refusals import check_query, check_session, check_tokens
from .report import Report
from .stream_checks import check_streaming


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What is verified, and how."""

    address: AgentAddress
    source: TokenSource
    api_key: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    """Sent with each request: what the stack's ``header_allow_list`` allows."""
    prompt: str = "Tell me in five sentences what you can do."
    origin: str | None = None
    """The origin of a web page that may ask; ``None``: pages are not checked, beyond that foreign ones may not."""
    session: str = "per-user"
    """``per-user``, ``per-sign-in``, ``per-request`` or ``client``: the stack's ``SessionBinding``. A
    verification makes one sign-in, so ``per-sign-in`` is judged as ``per-user`` within it."""
    runtime_url: str | None = None
    """The runtime's own address, to see the second check of the token; ``None``: not known."""
    template_mode: str | None = None
    """The integration's ``ResponseTransferMode``, where the template is known."""


def verify(subject: Subject) -> Report:
    """Asks the API what it should answer, and what it should not."""
    wanted = subject.address.token_type
    token, other = _tokens(subject, wanted)
    prober = Prober(
        subject.address.invocations_url, json.dumps({"prompt": subject.prompt}), subject.api_key, subject.headers
    )
    with closing(prober):
        answer = prober.post(token)
        checks = list(check_streaming(answer, subject.template_mode, refused_because(token, subject.address)))
        if answer.status == 200:
            checks += check_tokens(prober, "gateway", prober.url, token, other)
            if subject.runtime_url is not None:
                checks += check_tokens(prober, "runtime", subject.runtime_url, token, other)
            checks += check_query(prober, token)
            checks.append(check_session(prober, token, answer, subject.session))
            checks += check_browsers(prober, token, subject.origin)
    return Report(subject.address.invocations_url, checks, answer)


def _tokens(subject: Subject, wanted: TokenUse) -> tuple[str, str | None]:
    """The token that the API takes, and the other of the sign-in's two, where there is one."""
    other_type = TokenUse.ACCESS if wanted is TokenUse.ID else TokenUse.ID
    with AgentClient(subject.address, subject.source) as client:
        token = client.token()
    with AgentClient(replace(subject.address, token_type=other_type), subject.source) as client:
        try:
            return token, client.token()
        except ClientError:
            return token, None  # a machine, or a token that was given
