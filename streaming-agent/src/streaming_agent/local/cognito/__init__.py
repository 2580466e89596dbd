"""The token issuer that plays Cognito and other OpenID providers."""

from .fake_issuers import fake_pool, fake_provider, without_well_known
from .issuer import Issuer
from .user_pool import PoolClient, User, UserPool, read_pools

__all__ = ["Issuer", "PoolClient", "User", "UserPool", "fake_pool", "fake_provider", "read_pools", "without_well_known"]
