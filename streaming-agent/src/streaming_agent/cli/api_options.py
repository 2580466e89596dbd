"""Which API a command asks, and who asks: the options that `chat`, `token`, `verify` and `sign-out` share."""

import argparse
import getpass
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import Refusal
from ..printable import printable

if TYPE_CHECKING:
    from ..client import AgentAddress, AgentClient, Challenge, TokenSource, TokenStore

API_KEY_VARIABLE = "STREAMING_AGENT_API_KEY"
PASSWORD_VARIABLE = "STREAMING_AGENT_PASSWORD"  # noqa: S105
SECRET_VARIABLE = "STREAMING_AGENT_CLIENT_SECRET"  # noqa: S105
TOKEN_VARIABLE = "STREAMING_AGENT_TOKEN"  # noqa: S105


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds them; without any, it is the local run that was started in this folder."""
    api = parser.add_argument_group("which API (default: the local run that was started in this folder)")
    where = api.add_mutually_exclusive_group()
    where.add_argument(
        "--run-file",
        metavar="FILE",
        type=Path,
        help="what another streaming-agent local --json printed",
    )
    where.add_argument("--outputs", metavar="FILE", type=Path, help="what cdk deploy --outputs-file wrote")
    where.add_argument("--url", help="the stack's InvocationsUrl")
    api.add_argument("--api", metavar="STACK/ID", help="which API of the outputs, where they have several")
    api.add_argument("--user-pool-id", metavar="ID", help="the stack's UserPoolId, with --url")
    api.add_argument("--client-id", metavar="ID", help="the stack's UserPoolClientId, with --url")
    api.add_argument("--sign-in-url", metavar="URL", help="the pool's managed login, for --browser")
    api.add_argument("--token-type", choices=("id", "access"), help="which token the API takes (default: id)")
    api.add_argument(
        "--scope", metavar="SCOPE", action="append", default=[], help="a scope that the API asks for; can be repeated"
    )
    user = parser.add_argument_group("who asks (default: the local run's developer)")
    user.add_argument("--username", metavar="NAME", help=f"password from {PASSWORD_VARIABLE}, or asked for")
    user.add_argument("--browser", action="store_true", help="sign in at the pool's managed login")
    user.add_argument("--keep", action="store_true", help="keep the tokens for the next time, readable by you only")


def add_headers(parser: argparse.ArgumentParser) -> None:
    """Adds `--header`."""
    parser.add_argument(
        "--header",
        metavar="'NAME: VALUE'",
        action="append",
        default=[],
        help="a header that the stack's header_allow_list allows; can be repeated",
    )


@dataclass(frozen=True, kw_only=True)
class ChosenApi:
    """The address, who signs in there, and what goes with each call."""

    address: "AgentAddress"
    source: "TokenSource"
    store: "TokenStore | None"
    api_key: str | None
    headers: dict[str, str]
    who: str
    """Who signs in, for people."""
    runtime_url: str | None = None  # None: only the deployment knows it
    template_mode: str | None = None  # None: the template isn't at hand

    def client(self, notice: Callable[[str], None] | None = None) -> "AgentClient":
        """A client for it."""
        from ..client import AgentClient

        return AgentClient(
            self.address, self.source, store=self.store, api_key=self.api_key, headers=self.headers, notice=notice
        )


def chosen_api(chosen: argparse.Namespace) -> ChosenApi:
    """What the options say."""
    from ..client import TokenStore, local_run
    from ..client.local_sign_in import local_sign_in

    store = TokenStore() if chosen.keep else None
    headers = _headers(getattr(chosen, "header", []))
    if chosen.url is not None or chosen.outputs is not None:
        return ChosenApi(
            address=_deployed(chosen),
            source=_source(chosen),
            store=store,
            # only for an address that the user named: a folder's file must not say where a key goes
            api_key=os.environ.get(API_KEY_VARIABLE) or None,  # a CI system sets a secret that is missing to ""
            headers=headers,
            who=_who(chosen),
        )
    local = local_run(chosen.run_file)
    named = chosen.username or chosen.browser
    return ChosenApi(
        address=local.address,
        source=_source(chosen) if named else local_sign_in(local),
        store=store,
        api_key=local.api_key,
        headers=headers,
        who=_who(chosen) if named else "the machine client" if local.client_secret else local.username,
        runtime_url=local.runtime_url,
        template_mode=local.transfer_mode,
    )


def _headers(given: list[str]) -> dict[str, str]:
    headers = {}
    for entry in given:
        name, colon, value = entry.partition(":")
        if not colon or not name.strip():
            raise Refusal("SAL067", "header: expected 'NAME: VALUE', got a text without a colon")
        headers[name.strip()] = value.strip()
    return headers


def _deployed(chosen: argparse.Namespace) -> "AgentAddress":
    from dataclasses import replace

    from ..client import AgentAddress, TokenUse, deployed_addresses

    scopes = tuple(chosen.scope)
    token_type = TokenUse(chosen.token_type or (TokenUse.ACCESS if scopes else TokenUse.ID))
    if chosen.url is not None:
        return AgentAddress(
            invocations_url=chosen.url.strip(),
            user_pool_id=chosen.user_pool_id,
            client_id=chosen.client_id,
            sign_in_url=chosen.sign_in_url,
            token_type=token_type,
            scopes=scopes,
        )
    found = deployed_addresses(chosen.outputs, token_type=token_type)
    if chosen.api is None and len(found) > 1:
        raise Refusal("SAL060", f"the outputs describe several APIs ({', '.join(found)}): choose one with --api")
    name = chosen.api or next(iter(found))
    if name not in found:
        raise Refusal("SAL061", f"api: expected one of {', '.join(found)}, got {name}")
    return replace(found[name], scopes=scopes, sign_in_url=chosen.sign_in_url)


def _who(chosen: argparse.Namespace) -> str:
    if chosen.browser:
        return "whom the browser signs in"
    if chosen.username:
        return str(chosen.username)
    return "the bearer of a token" if os.environ.get(TOKEN_VARIABLE) else "the machine client"


def _source(chosen: argparse.Namespace) -> "TokenSource":
    from ..client import BrowserSignIn, ClientCredentials, SrpSignIn, StaticToken

    if chosen.browser:
        return BrowserSignIn()
    if chosen.username:
        password = os.environ.get(PASSWORD_VARIABLE) or _typed(
            f"password of {chosen.username}", f"set {PASSWORD_VARIABLE}"
        )
        return SrpSignIn(chosen.username, password, answer=_asked_for)
    if token := os.environ.get(TOKEN_VARIABLE):
        return StaticToken(token)
    if secret := os.environ.get(SECRET_VARIABLE, "").strip():
        return ClientCredentials(secret)
    raise Refusal(
        "SAL062",
        f"no credentials for a deployed API: pass --username or --browser, or set {TOKEN_VARIABLE} or"
        f" {SECRET_VARIABLE}",
    )


def _asked_for(challenge: "Challenge") -> str:
    return _typed(challenge.name.lower().replace("_", " "), "sign in with --browser --keep")


def _typed(what: str, otherwise: str) -> str:
    if sys.stdin is None or not sys.stdin.isatty():
        raise Refusal("SAL063", f"cannot ask for the {what}: stdin is not a terminal; {otherwise}")
    return getpass.getpass(f"{printable(what)}: ")  # writes to the terminal itself
