"""The token issuer that stands in for Cognito."""

from .fake_issuers import fake_pool, fake_provider
from .issuer import Issuer
from .user_pool import PoolClient, User, UserPool, read_pools

__all__ = ["Issuer", "PoolClient", "User", "UserPool", "fake_pool", "fake_provider", "read_pools"]
