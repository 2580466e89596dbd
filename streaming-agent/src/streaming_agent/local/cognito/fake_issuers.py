"""Fake issuers for those that the template only refers to: another stack's user pool, or another OpenID provider."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..resource_identities import identifier, short_hash
from .user_pool import PoolClient, UserPool

_POOL_ID = re.compile(r"[\w-]+_[0-9A-Za-z]+")  # as clients take it apart
_FLOWS = frozenset(("ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH"))


def fake_pool(arn: str, client_ids: Iterable[str]) -> UserPool:
    """A Cognito user pool; its clients allow every flow that needs no secret. A made-up id gets a pool's shape."""
    named, region = arn.rpartition("/")[2], arn.split(":")[3]
    pool_id = named if _POOL_ID.fullmatch(named) else f"{region}_{identifier(named, 9)}"
    return UserPool(
        logical_id="",
        id=pool_id,
        arn=f"{arn.removesuffix(named)}{pool_id}",
        signs_in_by_email=False,
        clients=_clients(client_ids),
        also_known_as={named} - {pool_id},
    )


def fake_provider(discovery_url: str, client_ids: Iterable[str], identity_claims: Mapping[str, Any]) -> UserPool:
    """Any other OpenID provider; its tokens carry these claims."""
    return UserPool(
        logical_id="",
        id=f"local_{short_hash(discovery_url)}",
        arn="",
        signs_in_by_email=False,
        clients=_clients(client_ids),
        discovery_url=discovery_url,
        identity_claims=identity_claims,
    )


def _clients(client_ids: Iterable[str]) -> dict[str, PoolClient]:
    return {
        client_id: PoolClient(
            id=client_id,
            secret=None,
            flows=_FLOWS,
            id_validity=3600,
            access_validity=3600,
            refresh_validity=30 * 86400,
            hides_unknown_users=True,
        )
        for client_id in client_ids
    }


def without_well_known(discovery_url: str) -> str:
    """The issuer that a discovery address is of: OpenID's ends in `.well-known/…`, RFC 8414's has it after the host."""
    for name in ("openid-configuration", "oauth-authorization-server"):
        discovery_url = discovery_url.removesuffix(f"/.well-known/{name}")
        discovery_url = discovery_url.replace(f"/.well-known/{name}/", "/", 1)
    return discovery_url
