"""`python -m tests.fuzz.local_run --seconds 600`: templates, changed at random, read by the local run and called.

Whatever a template says, the local run starts with it or says in one sentence why not; once started, each call has an
answer. The agents and the authorizers' functions are played here, so that only what reads a template is tried. What
fails is kept in corpus/local_run.txt, and tried first the next time.
"""

import asyncio
import json
import logging
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from joserfc.jwk import RSAKey
from streaming_agent.local.api_gateway import Gateway, LocalCredentials, LocalRoute
from streaming_agent.local.clock import Clock
from streaming_agent.local.cognito import Issuer
from streaming_agent.local.cognito.token_mint import TokenMint
from streaming_agent.local.deployment import Deployment, read_deployment
from streaming_agent.local.functions.function_process import FunctionFailed
from streaming_agent.local.jwt_check import IssuerKeys
from streaming_agent.local.local_options import LocalOptions
from streaming_agent.local.messages import Reply, Request, StreamCut, json_reply
from streaming_agent.template import Refusal, TemplateSet

from ..unit.streaming_agent.local.apps import TEMPLATE
from .search import Files, search
from .templates import SLOW_SECONDS, changed, corpus, damaged

EXAMPLES = Path(__file__).parents[2] / "examples"
KEY = RSAKey.generate_key(2048, {"kid": "made-up", "use": "sig", "alg": "RS256"})
NAME = "Chat.template.json"
CALLS = 12
ORIGIN = "http://127.0.0.1:9"


class Echo:
    """Plays whatever stands behind an integration."""

    body_limit = 1024 * 1024

    async def handle(self, request: Request) -> Reply:
        return json_reply(200, {"path": request.path, "query": request.query, "headers": dict(request.headers)})


def seeds() -> list[Any]:
    """The templates of the examples and of the checks, and a small one."""
    files = sorted(EXAMPLES.glob("*/tests/__snapshots__/*/*template*.json"))
    # the examples more often: most of the checks' templates have no agent
    return [*[json.loads(file.read_text(encoding="utf-8")) for file in files], TEMPLATE] * 6 + corpus()


def path_of(route: LocalRoute, chance: random.Random) -> str:
    """A path that leads to a route, or almost."""
    path = route.path.replace("{proxy+}", "a/b").replace("+}", "}")
    while "{" in path and "}" in path.partition("{")[2]:
        before, _, rest = path.partition("{")
        path = before + chance.choice(("x", "%2F", "é", "a b", "..")) + rest.partition("}")[2]
    return path


def tokens(deployment: Deployment, issuer: Issuer, clock: Clock) -> list[str]:
    """One of each kind, from each pool that has a client."""
    found = ["nonsense", "a.b.c"]
    for pool in deployment.pools:
        for client in list(pool.clients.values())[:1]:
            user = pool.add_user("somebody")
            signed_in = TokenMint(pool, issuer.issuer_of(pool.id), clock).sign_in(user, client, scopes=("openid",))
            found += [value for name, value in signed_in.items() if name in ("IdToken", "AccessToken")]
    return found


async def called(deployment: Deployment, chance: random.Random) -> None:
    """Calls each API a few times."""
    clock = Clock()
    for pool in deployment.pools:
        pool.key = KEY
    issuer = Issuer(deployment.pools, ORIGIN, clock, secure_origin=ORIGIN)

    async def fetch(url: str) -> Mapping[str, Any]:
        reply = await issuer.handle(Request(method="GET", path=url.removeprefix(ORIGIN)))
        assert isinstance(reply.body, bytes)
        return dict(json.loads(reply.body))

    async def call_function(function: object, event: Mapping[str, Any]) -> Any:
        answers: list[Any] = [
            None,
            [],
            {"principalId": 5, "policyDocument": {}},
            {
                "principalId": "a",
                "policyDocument": {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]},
            },
        ]
        if chance.random() < 0.1:
            raise FunctionFailed("made up")
        return chance.choice(answers)

    known = tokens(deployment, issuer, clock)
    for api in deployment.apis:
        gateway = Gateway(
            api,
            backend_at=lambda origin: Echo(),
            keys_of_pool=lambda id: IssuerKeys(issuer.discovery_url_of(id), fetch, clock),
            call_function=call_function,
            credentials=LocalCredentials(),
            clock=clock,
        )
        for _ in range(CALLS):
            route = chance.choice(api.routes)
            method = chance.choice((route.http_method, "OPTIONS", "POST"))
            headers = [
                ("Authorization", f"Bearer {chance.choice(known)}"),
                ("Origin", chance.choice(("https://a.example", "null", "http://localhost:3000"))),
                ("Content-Type", chance.choice(("application/json", "text/plain", "x"))),
                ("X-API-Key", next(iter(api.api_keys.values), "none")),
            ]
            request = Request(
                method="GET" if method == "ANY" else method,
                path=f"/{api.stage}{path_of(route, chance)}",
                query=chance.choice(("", "a=b&a=c", "%", "qualifier=x")),
                headers=tuple(headers),
                body=chance.choice((b"", b'{"prompt":"hello"}', b"\xff\xfe", b"[]", b"null")),
            )
            reply = await gateway.handle(request)
            assert 100 <= reply.status <= 599, reply.status
            if not isinstance(reply.body, bytes):
                try:
                    async for _chunk in reply.body:
                        pass
                except StreamCut:
                    pass
                finally:
                    await reply.body.aclose()


def one_input(chance: random.Random, bodies: list[Any]) -> bytes:
    """A template's content."""
    text = json.dumps(changed(chance.choice(bodies), chance, bodies), default=str)
    return damaged(text, chance) if chance.random() < 0.1 else text.encode()


def tried(file: Path, chance: random.Random) -> str | None:
    """What is wrong with how the local run takes a template; `None` when nothing is, empty when it is refused."""
    started = time.monotonic()
    refused = None
    try:
        deployment = read_deployment(TemplateSet.read(file), LocalOptions(), Clock())
        asyncio.run(called(deployment, chance))
    except Refusal as refusal:
        refused = str(refusal)
    except Exception:
        return traceback.format_exc()
    lasted = time.monotonic() - started
    if lasted > SLOW_SECONDS:
        return f"took {lasted:.1f} s"
    return f"no sentence: {refused}" if refused is not None and "\n" in refused else None


def main() -> int:
    """Runs until the time is over or an input fails."""
    logging.disable(logging.CRITICAL)
    bodies = seeds()
    with tempfile.TemporaryDirectory() as folder:

        def tried_in_folder(files: Files, chance: random.Random) -> str | None:
            file = Path(folder) / NAME
            file.write_bytes(files[NAME])
            return tried(file, chance)

        return search("local_run", __doc__, lambda chance: {NAME: one_input(chance, bodies)}, tried_in_folder)


if __name__ == "__main__":
    sys.exit(main())
